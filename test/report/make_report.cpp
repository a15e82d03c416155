// Writes a report of made-up results, for the test of its page.
// Arguments: the file to write, how many results, and --remote-pictures if it may load those.

#include <vidi/batch/item.hpp>
#include <vidi/batch/result.hpp>

#include "output_file.hpp"
#include "report.hpp"
#include "thumbnail.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <numbers>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;
namespace batch = vidi::batch;

// Each would do harm in a page that did not take it for text. If one of them runs, it sets
// `harmed`.
std::vector<std::string> const hostile = {
    "<script>harmed=1</script>",
    "</script><script>harmed=2</script>",
    "<!-- <script>harmed=3",
    "--> ]]> <![CDATA[ <!DOCTYPE html>",
    "<img src=x onerror=harmed=4><svg onload=harmed=5>",
    "\"'`><b onmouseover=harmed=6>bold</b> ${harmed=7} {{data}}",
    "&lt;b&gt; &amp; &#0; \\u003cscript\\u003e \\",
    "line\u2028separator\u2029paragraph",
    "surrogate \xed\xa0\x80 cut \xe7\x8c",
    "bytes \xff\xfe\x80 overlong \xc0\xbc",
    "nul \0 bell \a escape \x1b[31m delete \x7f"s,
    "right \u202e to left \u2066 isolated",
    "javascript:harmed=8",
};

constexpr std::array<std::string_view, 6> descriptions = {
    "一只橘色的猫趴在窗台上,阳光从左侧照进来,窗外是一条安静的街道。猫半闭着眼睛,"
    "前爪收在身下。",
    "图中是一张超市收据,列出了七种商品,合计 128.50 元,日期为 2026 年 11 月 3 日。",
    "A street with parked bicycles in the rain. A woman under a red umbrella walks past a closed "
    "bakery; its sign reads “Boulangerie du Pont”.",
    "The chart shows sales by quarter. The third is the highest, about 4.2 million; the fourth "
    "falls back to the level of the first.",
    "A calculator on a wooden desk. Its display shows 1984.",
    "海边的日落。天空呈橙红色,远处有两艘帆船,近处的沙滩上有一串脚印。",
};

struct failure_case
{
    char const* kind;
    char const* message;
    int http_status;
    char const* code;
};

constexpr std::array<failure_case, 5> failures = {{
    {"image_download_failed",
     "the provider could not download the image from its URL (400): Error while downloading "
     "https://images.example/a.jpg.",
     400, "invalid_image_url"},
    {"rate_limited", "too many requests: rate limit reached (429): Slow down.", 429,
     "rate_limit_exceeded"},
    {"operation_timeout", "no answer within 900 s", 0, ""},
    {"incomplete", "the answer was cut short: max_output_tokens", 200, ""},
    {"bad_line", "is no JSON: incomplete", 0, ""},
}};

class made_up_results
{
public:
    explicit made_up_results(std::uint64_t count) : count_{count} {}

    void each(vidi_tool::report_source::visitor const& visit)
    {
        for (std::uint64_t position = 1; position <= count_; ++position) {
            auto const origin = make_origin(position);
            auto const result = make_result(position);
            // The last are not done.
            bool const done = position <= count_ - count_ / 200;
            if (!visit(origin, done ? &result : nullptr))
                return;
        }
    }

private:
    bool one_in(unsigned n) { return random_() % n == 0; }

    batch::origin make_origin(std::uint64_t position)
    {
        batch::origin origin{.position = position};
        if (position <= hostile.size()) {
            origin.image = hostile[position - 1];
            origin.id = boost::json::string{hostile[position - 1]};
            return origin;
        }
        if (position % 2 == 0)
            origin.id = 9'007'199'254'740'993 + position;
        origin.image = "https://images.example/collection/" + std::to_string(position) + ".jpg";
        if (position % 5 == 0)
            origin.image = pictures[position / 5 % pictures.size()];
        return origin;
    }

    batch::result make_result(std::uint64_t position)
    {
        batch::result result{.attempts = 1};
        result.status = "completed";
        result.text = description(position);
        auto const part = static_cast<double>(position) / static_cast<double>(count_);
        auto const wave = 1 + 0.4 * std::sin(part * 6 * std::numbers::pi);
        result.duration = std::chrono::milliseconds{
            static_cast<std::int64_t>(std::exp(7.6 + 0.5 * normal_(random_)) * wave)};
        add_usage(result);
        if (position > hostile.size() && one_in(25))
            fail(result, position);
        now_ += std::chrono::milliseconds{static_cast<std::int64_t>(40 * wave)};
        if (position == count_ * 2 / 3)
            now_ += 9h;
        result.completed = now_;
        return result;
    }

    std::string description(std::uint64_t position)
    {
        if (position <= hostile.size())
            return hostile[position - 1] + " (made to do harm)";
        std::string text{descriptions[random_() % descriptions.size()]};
        for (auto more = random_() % 3; more > 0; --more)
            text.append("\n\n").append(descriptions[random_() % descriptions.size()]);
        if (position == needle)
            text += " Here lies the Needle.";
        return text;
    }

    void add_usage(batch::result& result)
    {
        vidi::usage usage;
        usage.input_tokens = 700 + static_cast<std::int64_t>(random_() % 900);
        usage.input_tokens_details.cached_tokens = one_in(3) ? 512 : 0;
        usage.output_tokens = 120 + static_cast<std::int64_t>(random_() % 500);
        usage.output_tokens_details.reasoning_tokens = usage.output_tokens / 3;
        usage.total_tokens = usage.input_tokens + usage.output_tokens;
        result.usage = usage;
    }

    void fail(batch::result& result, std::uint64_t position)
    {
        auto const& cause = failures[(random_() % 8) * (random_() % 8) / 10 % failures.size()];
        result.failure = batch::failure{
            .kind = cause.kind,
            .message = cause.message,
            .http_status = cause.http_status,
            .request_id = "req_" + std::to_string(position),
            .code = cause.code};
        result.attempts = 3;
        result.status = cause.http_status == 200 ? "incomplete" : "";
        if (cause.http_status == 200)
            return;
        result.text.clear();
        result.usage.reset();
        result.possibly_billed = cause.http_status == 0 ? 2 : 0;
        result.interrupted = one_in(40) ? 1 : 0;
    }

    static constexpr std::uint64_t needle = 77'777;
    static constexpr std::array<char const*, 4> pictures = {
        "calculator.jpg", "street-sign.png", "landscape.webp", "shapes.gif"};

    std::uint64_t count_;
    std::mt19937 random_{1};
    std::normal_distribution<> normal_;
    std::chrono::sys_time<std::chrono::milliseconds> now_{1'795'000'000s};
};

vidi_tool::report_source make_source(std::uint64_t count)
{
    vidi_tool::report_source source{
        .name = "results <b>&amp;</b> 猫.jsonl",
        .job = R"({"model":"gpt-5-mini","prompt":"描述这张图片中的内容","concurrency":256})"};
    source.counts = {.items = count, .questions = count - count / 50, .in_flight = 12};
    source.counts.input_tokens = static_cast<std::int64_t>(count) * 1128;
    source.counts.output_tokens = static_cast<std::int64_t>(count) * 362;
    source.each = [count](auto const& visit) { made_up_results{count}.each(visit); };
    return source;
}

// The same few pictures come again and again.
std::string known_thumbnail(std::string const& file)
{
    static std::map<std::string, std::string> known;
    auto const [place, is_new] = known.try_emplace(file);
    if (is_new)
        place->second = vidi_tool::make_thumbnail(file, 128);
    return place->second;
}

} // namespace

int main(int argc, char** argv)
try {
    bool const remote_pictures = argc == 4 && argv[3] == "--remote-pictures"sv;
    if (argc != 3 && !remote_pictures) {
        std::cerr << "usage: make_report FILE COUNT [--remote-pictures]\n";
        return 2;
    }
    vidi_tool::report_settings const settings{
        .thumbnail = &known_thumbnail,
        .price = vidi_tool::token_price{.input = 0.25, .output = 2},
        .currency = "USD",
        .remote_pictures = remote_pictures,
        .made = std::chrono::sys_seconds{1'795'050'000s}};
    vidi_tool::output_file output{argv[1], true, {}};
    vidi_tool::write_report(
        make_source(std::strtoull(argv[2], nullptr, 10)), settings,
        [&](std::string_view text) { output.write(text); });
    output.close();
}
catch (std::exception const& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
