#include "tool_fixture.hpp"

#include <boost/json/object.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace vidi_test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

namespace json = boost::json;

// Texts have line breaks in them, but no others than \n.
std::size_t rows_of(std::string const& csv)
{
    return static_cast<std::size_t>(std::ranges::count(csv, '\r'));
}

std::vector<std::string> texts_of(std::vector<json::value> const& records, char const* member)
{
    std::vector<std::string> result;
    for (auto const& record : records)
        result.emplace_back(
            record.at(member).is_string() ? std::string_view{record.at(member).get_string()} : "");
    return result;
}

class batch_list : public tool
{
protected:
    std::string write(std::string const& name, std::string const& text)
    {
        write_file(path(name), text);
        return path(name);
    }

    std::string many(int number)
    {
        std::string text;
        for (int i = 0; i != number; ++i)
            text += serve(i) + '\n';
        return write("list", text);
    }

    void make_pictures()
    {
        std::filesystem::create_directories(path("pictures/b"));
        std::filesystem::create_directories(path("pictures/.hidden"));
        write_file(path("pictures/c.PNG"), numbered_picture(3));
        write_file(path("pictures/b/a.png"), numbered_picture(2));
        write_file(path("pictures/a.png"), numbered_picture(1));
        write_file(path("pictures/.hidden/a.png"), numbered_picture(4));
        write_file(path("pictures/notes.txt"), "no picture");
        std::filesystem::create_directory_symlink(path("pictures"), path("pictures/again"));
    }
};

TEST_F(batch_list, is_a_csv_table)
{
    auto const list = write(
        "list.csv", "\xef\xbb\xbfid,prompt,image\r\n猫,\"Is it \"\"red\"\",\nor blue?\"," +
                        serve(1) + "\r\n,," + serve(2) + "\r\n3,x,\r\n4,x\r\n");
    auto const result = run({"batch", list});
    auto const records = sorted_by_line(result.output);
    ASSERT_THAT(records, SizeIs(4));
    EXPECT_EQ(records[0].at("id"), "猫");
    EXPECT_EQ(records[0].at("text").as_string(), answer("Is it \"red\", or blue?", 1));
    EXPECT_TRUE(records[1].at("id").is_null());
    EXPECT_EQ(records[1].at("text").as_string(), answer(default_prompt, 2));
    EXPECT_EQ(records[0].at("line"), 2);
    EXPECT_EQ(records[3].at("error").at("kind"), "bad_line");
    EXPECT_THAT(
        result.errors, AllOf(
                           HasSubstr("row 4: it names no image"),
                           HasSubstr("row 5: it has 2 fields, and the first row 3")));
    EXPECT_EQ(result.status, 1);
}

TEST_F(batch_list, is_a_csv_table_of_which_a_column_is_named)
{
    auto settings = with_emulator({"batch", "-", "--column", "picture"});
    tool_process process{settings};
    process.write("picture,name\n" + serve(1) + ",a\n");
    auto const result = process.finish();
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_THAT(sorted_by_line(result.output), SizeIs(1));

    auto const list = write("list", "url,name\nx,y\n");
    auto const refused = run({"batch", list, "--column", "picture", "-o", path("out")});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.errors, HasSubstr("it has no column picture, but url, name; name one"));
    EXPECT_FALSE(std::filesystem::exists(path("out")));
    EXPECT_EQ(run({"batch", write("empty.csv", "")}).status, 2);
}

TEST_F(batch_list, that_is_no_csv_any_more_ends_when_what_is_before_is_done)
{
    auto const list =
        write("list.csv", "image\n" + serve(1) + "\n" + serve(2) + "\n\"" + serve(3) + "\n");
    auto const result = run({"batch", list, "-o", path("out")});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.errors, HasSubstr("row 4 is not CSV: a quote is never closed"));
    EXPECT_THAT(parse_lines(read_file(path("out"))), SizeIs(2));
}

TEST_F(batch_list, is_a_directory)
{
    make_pictures();
    auto const result = run({"batch", path("pictures")});
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_THAT(
        texts_of(sorted_by_line(result.output), "image"),
        ElementsAre(path("pictures/a.png"), path("pictures/b/a.png"), path("pictures/c.PNG")));
    EXPECT_EQ(run({"batch", path("pictures"), "--column", "image"}).status, 2);
}

TEST_F(batch_list, may_be_cut_short)
{
    auto const result = run({"batch", many(20), "--limit", "3", "--in-order"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(sorted_by_line(result.output), SizeIs(3));
}

TEST_F(batch_list, may_be_sampled_before_the_rest)
{
    auto const list = many(50);
    auto const first = run({"batch", list, "-o", path("out"), "--sample", "5"});
    EXPECT_EQ(first.status, 0) << first.errors;
    EXPECT_THAT(first.errors, HasSubstr("this was a sample; for the rest"));
    EXPECT_THAT(parse_lines(read_file(path("out"))), SizeIs(5));
    auto const rest = run({"batch", list, "-o", path("out"), "--resume"});
    EXPECT_EQ(rest.status, 0) << rest.errors;
    std::set<std::int64_t> lines;
    for (auto const& record : parse_lines(read_file(path("out"))))
        lines.insert(record.at("line").as_int64());
    EXPECT_THAT(lines, SizeIs(50));
    EXPECT_EQ(server().statistics().requests, 50U);
}

TEST_F(batch_list, gives_the_same_sample_again)
{
    auto const list = many(50);
    auto const lines_of = [&] {
        std::vector<std::int64_t> lines;
        for (auto const& record : sorted_by_line(run({"batch", list, "--sample", "5"}).output))
            lines.push_back(record.at("line").as_int64());
        return lines;
    };
    EXPECT_EQ(lines_of(), lines_of());
}

TEST_F(batch_list, is_not_cut_short_where_results_would_be_lost)
{
    auto const list = many(5);
    ASSERT_EQ(run({"batch", list, "-o", path("out")}).status, 0);
    for (char const* option : {"--limit", "--sample"}) {
        auto const result = run({"batch", list, "-o", path("out"), "--retry-failed", option, "2"});
        EXPECT_EQ(result.status, 2);
        EXPECT_THAT(result.errors, HasSubstr("would lose"));
    }
    EXPECT_THAT(parse_lines(read_file(path("out"))), SizeIs(5));
}

class dry_run : public batch_list
{
protected:
    std::string prices(std::string const& model)
    {
        return write(
            "prices.json",
            "{\"" + model + "\": {\"input\": 1000000, \"output\": 0}, \"currency\": \"CNY\"}");
    }
};

TEST_F(dry_run, sends_nothing_and_needs_no_key)
{
    auto const url = serve(1);
    auto const list = write("list", url + '\n' + url + '\n' + path("none.png") + "\n{}\n");
    auto settings = with_emulator({"batch", list, "--dry-run"});
    settings.environment["OPENAI_API_KEY"] = "";
    auto const result = run_tool(settings);
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_THAT(
        result.output,
        AllOf(
            StartsWith("4 images, of which 2 cannot be asked: 1 bad_line, 1 unreadable_image\n"
                       "to ask: 1; doubles: 1; done before: 0\ntokens: "),
            HasSubstr("a guess"), Not(HasSubstr("cost"))));
    EXPECT_THAT(result.errors, HasSubstr("line 4: \"image\" is missing or empty"));
    EXPECT_EQ(server().statistics().requests, 0U);
}

TEST_F(dry_run, knows_what_a_sample_has_taken)
{
    auto const list = many(50);
    ASSERT_EQ(run({"batch", list, "-o", path("out"), "--sample", "5"}).status, 0);
    auto const record = parse_lines(read_file(path("out"))).front();
    auto const& usage = record.at("usage");
    auto const result = run(
        {"batch", list, "-o", path("out"), "--resume", "--dry-run", "--prices",
         prices("gpt-5-mini")});
    EXPECT_EQ(result.status, 0) << result.errors;
    auto const input = std::to_string(45 * usage.at("input_tokens").as_int64());
    EXPECT_THAT(
        result.output,
        AllOf(
            HasSubstr("to ask: 45; doubles: 0; done before: 5\n"),
            HasSubstr("as the 5 answers so far took"), HasSubstr("cost: " + input + ".00 CNY\n")));
    EXPECT_EQ(server().statistics().requests, 5U);
}

TEST_F(dry_run, refuses_what_cannot_be_reckoned)
{
    auto const list = many(2);
    auto const no_price = run({"batch", list, "--dry-run", "--prices", prices("another")});
    EXPECT_EQ(no_price.status, 2);
    EXPECT_THAT(no_price.errors, HasSubstr("has no price of gpt-5-mini"));
    EXPECT_EQ(run({"batch", list, "--dry-run", "--resume"}).status, 2);
    EXPECT_EQ(run({"batch", list, "--dry-run", "--resume", "-o", path("none")}).status, 2);
    ASSERT_EQ(run({"batch", list, "-o", path("out")}).status, 0);
    auto const another =
        run({"batch", list, "--dry-run", "--resume", "-o", path("out"), "--prompt", "another"});
    EXPECT_EQ(another.status, 2);
    EXPECT_THAT(another.errors, HasSubstr("the journal of another job"));
}

class batch_format : public batch_list
{
};

TEST_F(batch_format, may_be_csv)
{
    auto const list = write(
        "list", R"({"id":"a,\"b\"","image":")" + serve(1) + "\"}\n{\"id\":7,\"image\":\"" +
                    path("none.png") + "\"}\n");
    auto const result = run({"batch", list, "-o", path("out.csv"), "--in-order"});
    EXPECT_EQ(result.status, 1);
    auto const text = read_file(path("out.csv"));
    EXPECT_THAT(
        text, StartsWith("id,line,image,status,text,input_tokens,output_tokens,error_kind,"
                         "error_message,http_status,request_id,error_code,attempts,"
                         "possibly_billed,interrupted,milliseconds\r\n"
                         "\"a,\"\"b\"\"\",1,\"http"));
    EXPECT_THAT(
        text, HasSubstr("\r\n7,2,\"" + path("none.png") + "\",,,,,\"unreadable_image\",\""));
    EXPECT_THAT(text, HasSubstr("\"completed\",\"" + answer(default_prompt, 1) + "\","));

    auto const printed = run({"batch", list, "--format", "csv", "--in-order"});
    EXPECT_THAT(printed.output, StartsWith("id,line,"));
    EXPECT_EQ(rows_of(printed.output), 3U);
}

TEST_F(batch_format, names_the_columns_once_though_it_is_gone_on_with)
{
    auto const list = many(6);
    ASSERT_EQ(run({"batch", list, "-o", path("out.csv"), "--limit", "3"}).status, 0);
    ASSERT_EQ(run({"batch", list, "-o", path("out.csv"), "--resume"}).status, 0);
    auto const text = read_file(path("out.csv"));
    EXPECT_EQ(rows_of(text), 7U);
    EXPECT_EQ(text.rfind("id,line"), 0U);
    // What the output lost is written again, with the names.
    write_file(path("out.csv"), "");
    ASSERT_EQ(run({"batch", list, "-o", path("out.csv"), "--resume"}).status, 0);
    EXPECT_EQ(rows_of(read_file(path("out.csv"))), 7U);
    EXPECT_THAT(read_file(path("out.csv")), StartsWith("id,line"));
}

TEST_F(batch_format, is_that_of_the_earlier_run)
{
    auto const list = many(3);
    ASSERT_EQ(run({"batch", list, "-o", path("out"), "--format", "csv", "--limit", "2"}).status, 0);
    EXPECT_EQ(run({"batch", list, "-o", path("out"), "--resume"}).status, 2);
    EXPECT_EQ(run({"batch", list, "-o", path("out"), "--resume", "--format", "csv"}).status, 0);
    EXPECT_EQ(rows_of(read_file(path("out"))), 4U);
}

TEST_F(batch_format, tells_programs_of_the_progress)
{
    auto const result = run({"batch", many(3), "--progress", "json"});
    EXPECT_EQ(result.status, 0);
    auto const begin = result.errors.find("{\"ended\":false");
    auto const end = result.errors.find("{\"ended\":true");
    ASSERT_NE(begin, std::string::npos) << result.errors;
    ASSERT_NE(end, std::string::npos) << result.errors;
    auto const last =
        parse_lines(result.errors.substr(end, result.errors.find('\n', end) - end + 1))
            .at(0)
            .as_object();
    EXPECT_EQ(last.at("done"), 3);
    EXPECT_EQ(last.at("part_done"), 1.0);
    EXPECT_EQ(last.at("in_flight"), 0);
    EXPECT_THAT(run({"batch", many(3), "--progress", "none"}).errors, Not(HasSubstr("in flight")));
    EXPECT_EQ(run({"batch", many(3), "--progress", "loud"}).status, 2);
}

} // namespace
} // namespace vidi_test
