#include "report.hpp"
#include "report_page.hpp"
#include "report_totals.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value_to.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace vidi_tool {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;
namespace json = boost::json;
namespace batch = vidi::batch;

batch::result succeeded(std::string text)
{
    batch::result result{.status = "completed", .text = std::move(text), .attempts = 1};
    result.usage.emplace();
    result.usage->input_tokens = 100;
    result.usage->output_tokens = 10;
    result.duration = 1500ms;
    result.completed = batch::result{}.completed + 10s;
    return result;
}

batch::result failed(std::string kind, std::string message = "broken")
{
    batch::result result{.attempts = 3, .possibly_billed = 1, .interrupted = 2};
    result.failure = batch::failure{.kind = std::move(kind), .message = std::move(message)};
    return result;
}

struct entry
{
    batch::origin origin;
    std::optional<batch::result> result;
};

report_source source_of(std::vector<entry> const& entries)
{
    report_source source{.name = "results.jsonl"};
    source.each = [entries](report_source::visitor const& visit) {
        for (auto const& [origin, result] : entries)
            if (!visit(origin, result ? &*result : nullptr))
                return;
    };
    return source;
}

std::string page_of(report_source const& source, report_settings const& settings = {})
{
    std::string page;
    write_report(source, settings, [&](std::string_view text) { page += text; });
    return page;
}

// The data that the page has under a name, block by block.
std::vector<json::value> blocks(std::string_view page, std::string const& name)
{
    auto const begin_tag = "<script type=\"application/json\" class=\"" + name + "\">";
    std::vector<json::value> result;
    for (auto at = page.find(begin_tag); at != page.npos; at = page.find(begin_tag, at)) {
        at += begin_tag.size();
        result.push_back(json::parse(page.substr(at, page.find("</script>", at) - at)));
    }
    return result;
}

std::size_t occurrences(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

TEST(report_totals, counts_each_ending)
{
    report_totals totals;
    auto const good = succeeded("a");
    auto const slow = failed("operation_timeout", "first");
    auto const slower = failed("operation_timeout", "second");
    EXPECT_EQ(totals.add(nullptr), report_totals::unfinished);
    EXPECT_EQ(totals.add(&good), report_totals::succeeded);
    EXPECT_EQ(totals.add(&slow), 2u);
    EXPECT_EQ(totals.add(&slower), 2u);
    EXPECT_EQ(totals.items(), 4u);
    EXPECT_EQ(totals.failed(), 2u);
    EXPECT_EQ(totals.attempts(), 7u);
    EXPECT_EQ(totals.possibly_billed(), 2u);
    EXPECT_EQ(totals.interrupted(), 4u);
    EXPECT_EQ(totals.endings()[2].example, "first");
    EXPECT_EQ(totals.latency().count(), 1u);
    EXPECT_EQ(totals.over_time().intervals().at(10).input_tokens, 100);
}

TEST(report_totals, does_not_grow_with_the_kinds)
{
    report_totals totals;
    for (int i = 0; i != 5000; ++i) {
        auto const result = failed("kind " + std::to_string(i));
        totals.add(&result);
    }
    EXPECT_LE(totals.endings().size(), 201u);
    EXPECT_EQ(totals.endings().back().kind, "other");
    EXPECT_EQ(totals.failed(), 5000u);
}

TEST(report, holds_each_result)
{
    auto const page = page_of(source_of(
        {{{.position = 1, .id = 12345678901234567890u, .image = "猫.png"}, succeeded("一只猫")},
         {{.position = 2, .id = json::string{"b"}}, failed("bad_line")},
         {{.position = 3, .image = "c"}, std::nullopt}}));
    auto const rows = blocks(page, "rows");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0], json::parse(R"([
            [1, "12345678901234567890", "猫.png", "completed", "一只猫", [100, 0, 10, 0], null,
             1, 0, 0, 1500, 10000],
            [2, "b", "", "", null, null, ["bad_line", "broken", 0, "", ""], 3, 1, 2, 0, 0],
            [3, null, "c"]])"));
    EXPECT_EQ(blocks(page, "index").at(0), json::parse("[[1, 2, 0], [1500, 0, 0], [110, 0, 0]]"));
}

TEST(report, is_written_in_blocks)
{
    std::vector<entry> entries(2000);
    for (auto& each : entries)
        each.result = succeeded("a");
    entries[1].result = succeeded(std::string(3'000'000, 'x'));
    auto const rows = blocks(page_of(source_of(entries)), "rows");
    EXPECT_GT(rows.size(), 3u);
    EXPECT_EQ(rows[0].as_array().size(), 2u);
    std::size_t all = 0;
    for (auto const& block : rows)
        all += block.as_array().size();
    EXPECT_EQ(all, entries.size());
}

TEST(report, takes_everything_for_text)
{
    auto const hostile = "</script><script>alert(1)</script><!--\0\xff\xed\xa0\x80\u2028\"'"s;
    auto source = source_of(
        {{{.position = 1, .id = json::string{hostile}, .image = hostile}, succeeded(hostile)},
         {{.position = 2}, failed(hostile, hostile)}});
    source.name = source.job = hostile;
    auto const page = page_of(source);
    auto const plain = page_of(source_of({{{.position = 1}, succeeded("")}}));
    for (auto const* tag : {"<script", "</script", "<!--"})
        EXPECT_EQ(occurrences(page, tag), occurrences(plain, tag)) << tag;
    EXPECT_EQ(page.find('\0'), page.npos);
    auto const text = json::value_to<std::string>(blocks(page, "rows")[0].at(0).at(4));
    EXPECT_THAT(text, HasSubstr("</script><script>alert(1)</script><!--"));
}

TEST(report, loads_nothing_from_elsewhere)
{
    auto const source = source_of({{{.image = "https://a/b.png"}, succeeded("a")}});
    auto const page = page_of(source);
    EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; script-src 'sha256-"));
    EXPECT_THAT(page, HasSubstr("img-src data:; base-uri 'none'"));
    EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
    EXPECT_THAT(
        page_of(source, {.remote_pictures = true}), HasSubstr("img-src data: https: http:; base"));
}

TEST(report, has_its_places_filled)
{
    auto const page = page_of(source_of({}));
    EXPECT_THAT(page, Not(HasSubstr("{{")));
    EXPECT_THAT(page, HasSubstr(report_page::script));
    EXPECT_THAT(page, HasSubstr(report_page::style));
    // They would end the element they stand in.
    EXPECT_EQ(report_page::script.find("</"), report_page::script.npos);
    EXPECT_EQ(report_page::style.find('<'), report_page::style.npos);
}

TEST(report, has_thumbnails_of_files_up_to_a_limit)
{
    std::vector<std::string> asked;
    report_settings settings;
    settings.thumbnail_bytes = 15;
    settings.thumbnail = [&](std::string const& file) {
        asked.push_back(file);
        return file == "broken" ? std::string{} : "data:0123456789"s;
    };
    std::vector<entry> entries;
    for (auto const* image : {"https://a/b", "broken", "", "a.png", "b.png", "c.png"})
        entries.push_back({{.image = image}, succeeded("")});
    auto const page = page_of(source_of(entries), settings);
    EXPECT_THAT(asked, testing::ElementsAre("broken", "a.png"));
    EXPECT_EQ(blocks(page, "thumbnails").at(0), json::parse(R"({"3": "data:0123456789"})"));
    EXPECT_EQ(blocks(page, "summary").at(0).at("thumbnails_left_out"), 2);
}

TEST(report, says_what_the_journal_says_of_the_job)
{
    auto source = source_of({});
    source.job = R"({"model": "m"})";
    source.counts = {.items = 3, .questions = 2, .input_tokens = 7};
    auto const settings = report_settings{.price = token_price{.input = 1, .output = 2}};
    auto const summary = blocks(page_of(source, settings), "summary").at(0);
    EXPECT_EQ(summary.at("job").at("model"), "m");
    EXPECT_EQ(summary.at("questions"), 2);
    EXPECT_EQ(summary.at("input_tokens"), 7);
    EXPECT_EQ(summary.at("price").at("output").to_number<double>(), 2);
    source.job = "not JSON";
    EXPECT_EQ(blocks(page_of(source), "summary").at(0).at("job"), "not JSON");
}

} // namespace
} // namespace vidi_tool
