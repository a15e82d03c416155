#include "report.hpp"

#include <vidi/version.hpp>

#include "image.hpp"
#include "json_text.hpp"
#include "report_page.hpp"
#include "report_totals.hpp"
#include "script_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value_from.hpp>

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace vidi_tool {
namespace {

namespace json = boost::json;
namespace batch = vidi::batch;

// The page parses a block as a whole when it needs one of its rows.
constexpr std::size_t rows_of_block = 512;
constexpr std::size_t bytes_of_block = std::size_t{1} << 20;

using write_function = std::function<void(std::string_view)>;

// A source in a Content-Security-Policy that allows this text and no other.
std::string hash_source(std::string_view text)
{
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    std::array<unsigned char, 45> encoded{};
    EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
    return "'sha256-" + std::string{reinterpret_cast<char const*>(encoded.data())} + "'";
}

std::string policy(bool remote_pictures)
{
    return "default-src 'none'; script-src " + hash_source(report_page::script) + "; style-src " +
           hash_source(report_page::style) +
           "; img-src data:" + (remote_pictures ? " https: http:" : "") +
           "; base-uri 'none'; form-action 'none'";
}

void write_block(write_function const& write, std::string_view name, std::string_view content)
{
    write("<script type=\"application/json\" class=\"");
    write(name);
    write("\">");
    write(content);
    write("</script>\n");
}

// A number as text, because a script would round a long one.
json::value id_json(json::value const& id)
{
    if (id.is_null() || id.is_string())
        return id;
    return json::string{compact_json(id)};
}

json::value usage_json(std::optional<vidi::usage> const& usage)
{
    if (!usage)
        return nullptr;
    return json::array{
        usage->input_tokens, usage->input_tokens_details.cached_tokens, usage->output_tokens,
        usage->output_tokens_details.reasoning_tokens};
}

json::value failure_json(std::optional<batch::failure> const& failure)
{
    if (!failure)
        return nullptr;
    return json::array{
        failure->kind, failure->message, failure->http_status, failure->request_id, failure->code};
}

// What report_page/store.js takes apart.
json::array row_json(batch::origin const& origin, batch::result const* result)
{
    json::array row{origin.position, id_json(origin.id), origin.image};
    if (!result)
        return row;
    row.insert(
        row.end(), {result->status, text_or_null(result->text), usage_json(result->usage),
                    failure_json(result->failure), result->attempts, result->possibly_billed,
                    result->interrupted, result->duration.count(),
                    result->completed.time_since_epoch().count()});
    return row;
}

// Rows on their way into the page, some hundreds at a time, each with what the page keeps of all
// rows at once: how it ended, how long it took, and its tokens.
class row_blocks
{
public:
    explicit row_blocks(write_function const& write) : write_{write} {}

    void
    add(batch::origin const& origin, batch::result const* result, std::size_t ending,
        std::string const& thumbnail)
    {
        append(rows_, script_json(row_json(origin, result)));
        auto const tokens = result && result->usage
                                ? result->usage->input_tokens + result->usage->output_tokens
                                : 0;
        append(endings_, std::to_string(ending));
        append(durations_, std::to_string(result ? result->duration.count() : 0));
        append(tokens_, std::to_string(tokens));
        if (!thumbnail.empty())
            append(
                thumbnails_,
                '"' + std::to_string(count_) + "\":" + script_json(json::string{thumbnail}));
        ++count_;
        if (count_ == rows_of_block || rows_.size() + thumbnails_.size() >= bytes_of_block)
            flush();
    }

    void flush()
    {
        if (count_ == 0)
            return;
        write_block(write_, "rows", '[' + rows_ + "\n]");
        write_block(write_, "index", "[[" + endings_ + "],[" + durations_ + "],[" + tokens_ + "]]");
        write_block(write_, "thumbnails", '{' + thumbnails_ + '}');
        for (auto* text : {&rows_, &endings_, &durations_, &tokens_, &thumbnails_})
            text->clear();
        count_ = 0;
    }

private:
    static void append(std::string& list, std::string_view element)
    {
        if (!list.empty())
            list += ',';
        list += element;
    }

    write_function const& write_;
    std::string rows_;
    std::string endings_;
    std::string durations_;
    std::string tokens_;
    std::string thumbnails_;
    std::size_t count_ = 0;
};

json::value job_json(std::string const& job)
{
    boost::system::error_code failure;
    auto value = json::parse(job, failure);
    return failure ? text_or_null(job) : value;
}

json::array endings_json(report_totals const& totals)
{
    json::array result;
    for (auto const& ending : totals.endings())
        result.push_back(
            {{"kind", ending.kind}, {"count", ending.count}, {"example", ending.example}});
    return result;
}

json::object latency_json(vidi::batch::latency_histogram const& latency)
{
    json::array bars;
    for (auto const& bar : latency.bars())
        bars.push_back(json::array{bar.from.count(), bar.to.count(), bar.count});
    json::object result{{"bars", std::move(bars)}};
    for (auto const& [name, part] :
         {std::pair{"median", 0.5}, std::pair{"p90", 0.9}, std::pair{"p99", 0.99}})
    {
        auto const value = latency.quantile(part);
        result[name] = value ? json::value(value->count()) : json::value();
    }
    return result;
}

json::object over_time_json(time_series const& series)
{
    json::array intervals;
    for (auto const& [number, totals] : series.intervals())
        intervals.push_back(json::array{
            number, totals.succeeded, totals.failed, totals.input_tokens, totals.output_tokens});
    return {{"seconds", series.width().count()}, {"intervals", std::move(intervals)}};
}

// Writes a report from its beginning to its end.
class report_writer
{
public:
    report_writer(
        report_source const& source, report_settings const& settings, write_function const& write)
        : source_{source}, settings_{settings}, write_{write}
    {
    }

    // What stands between the places of the page, and what belongs into each.
    void run()
    {
        auto rest = report_page::html;
        for (auto begin = rest.find("{{"); begin != rest.npos; begin = rest.find("{{")) {
            auto const end = rest.find("}}", begin);
            write_(rest.substr(0, begin));
            fill(rest.substr(begin + 2, end - begin - 2));
            rest.remove_prefix(end + 2);
        }
        write_(rest);
    }

private:
    void fill(std::string_view place)
    {
        if (place == "title")
            write_(html_text(source_.name));
        else if (place == "policy")
            write_(policy(settings_.remote_pictures));
        else if (place == "style")
            write_(report_page::style);
        else if (place == "script")
            write_(report_page::script);
        else if (place == "data")
            write_data();
    }

    void write_data()
    {
        row_blocks blocks{write_};
        source_.each([&](batch::origin const& origin, batch::result const* result) {
            blocks.add(origin, result, totals_.add(result), thumbnail_of(origin.image));
            return true;
        });
        blocks.flush();
        write_block(write_, "summary", script_json(summary()));
    }

    std::string thumbnail_of(std::string const& image)
    {
        if (!settings_.thumbnail || image.empty() || is_web_url(image))
            return {};
        if (thumbnail_bytes_ >= settings_.thumbnail_bytes) {
            ++thumbnails_left_out_;
            return {};
        }
        auto result = settings_.thumbnail(image);
        thumbnail_bytes_ += result.size();
        return result;
    }

    json::object summary() const
    {
        auto const& counts = source_.counts;
        json::object result{
            {"name", source_.name},
            {"version", VIDI_VERSION_STRING},
            {"made", settings_.made.time_since_epoch().count()},
            {"job", job_json(source_.job)},
            {"items", totals_.items()},
            {"failed", totals_.failed()},
            {"questions", counts.questions},
            {"in_flight", counts.in_flight},
            {"input_tokens", counts.input_tokens},
            {"output_tokens", counts.output_tokens},
            {"attempts", totals_.attempts()},
            {"possibly_billed", totals_.possibly_billed()},
            {"interrupted", totals_.interrupted()},
            {"endings", endings_json(totals_)},
            {"latency", latency_json(totals_.latency())},
            {"over_time", over_time_json(totals_.over_time())},
            {"currency", settings_.currency},
            {"price", nullptr},
            {"remote_pictures", settings_.remote_pictures},
            {"has_thumbnails", thumbnail_bytes_ > 0},
            {"thumbnails_left_out", thumbnails_left_out_}};
        if (auto const& price = settings_.price)
            result["price"] = {{"input", price->input}, {"output", price->output}};
        return result;
    }

    report_source const& source_;
    report_settings const& settings_;
    write_function const& write_;
    report_totals totals_;
    std::size_t thumbnail_bytes_ = 0;
    std::uint64_t thumbnails_left_out_ = 0;
};

} // namespace

void write_report(
    report_source const& source, report_settings const& settings,
    std::function<void(std::string_view)> const& write)
{
    report_writer{source, settings, write}.run();
}

} // namespace vidi_tool
