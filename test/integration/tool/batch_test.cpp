#include "tool_fixture.hpp"

#include <boost/json/object.hpp>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

namespace vidi_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using vidi::testing::behaviour;

namespace json = boost::json;

std::size_t count(std::string_view text, std::string_view part)
{
    std::size_t result = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++result;
    return result;
}

std::string lines(int number, std::string const& line)
{
    std::string text;
    for (int i = 0; i != number; ++i)
        text += line + '\n';
    return text;
}

// So many images, whose names differ.
std::string different(int number, std::string const& url)
{
    std::string text;
    for (int i = 0; i != number; ++i)
        text += url + '?' + std::to_string(i) + '\n';
    return text;
}

class batch : public tool
{
protected:
    using tool::tool;

    // A list of so many pictures that the emulator serves.
    std::string list_of(int number)
    {
        std::string text;
        for (int i = 0; i != number; ++i)
            text += serve(i) + '\n';
        return text;
    }

    std::string write_list(std::string const& text)
    {
        write_file(path("list"), text);
        return path("list");
    }

    void expect_answers(std::vector<json::value> const& records, int number)
    {
        ASSERT_EQ(records.size(), static_cast<std::size_t>(number));
        for (int i = 0; i != number; ++i) {
            auto const& record = records[static_cast<std::size_t>(i)];
            EXPECT_EQ(record.at("line"), i + 1);
            EXPECT_EQ(record.at("text").as_string(), answer(default_prompt, i));
            EXPECT_EQ(record.at("status"), "completed");
            EXPECT_TRUE(record.at("error").is_null());
        }
    }
};

TEST_F(batch, describes_every_image_of_a_list)
{
    auto const result = run({"batch", write_list(list_of(300)), "--concurrency", "20"});
    expect_answers(sorted_by_line(result.output), 300);
    EXPECT_THAT(result.errors, HasSubstr("300 images: 300 succeeded, 0 failed, in "));
    EXPECT_EQ(result.status, 0);
    EXPECT_LE(server().statistics().connections_accepted, 20u);
}

// Every picture's digest is checked, so every byte has come through.
TEST_F(batch, describes_ten_thousand_images)
{
    constexpr int images = VIDI_TEST_BATCH_SIZE;
    auto const concurrency = std::to_string(std::clamp(images * 256 / 10'000, 1, 256));
    auto const result = run(
        {"batch", write_list(list_of(images)), "-o", path("out"), "--concurrency", concurrency});
    expect_answers(sorted_by_line(read_file(path("out"))), images);
    auto const at = result.errors.rfind(" requests (");
    ASSERT_NE(at, std::string::npos) << result.errors;
    EXPECT_GT(std::stod(result.errors.substr(at + 11)), 97.0) << result.errors;
    EXPECT_EQ(result.status, 0);
    RecordProperty("summary", result.errors);
}

TEST_F(batch, writes_all_members_of_a_record)
{
    auto const url = serve(1);
    auto const result = run({"batch", write_list(R"({"id":"猫","image":")" + url + "\"}\n")});
    auto const record = parse_lines(result.output).at(0).as_object();
    std::vector<std::string> names;
    for (auto const& member : record)
        names.emplace_back(member.key());
    EXPECT_EQ(
        names, (std::vector<std::string>{
                   "id", "line", "image", "status", "text", "usage", "error", "attempts",
                   "possibly_billed", "interrupted", "milliseconds"}));
    EXPECT_EQ(record.at("id"), "猫");
    EXPECT_EQ(record.at("image").as_string(), url);
    EXPECT_EQ(record.at("attempts"), 1);
    EXPECT_GT(record.at("usage").at("total_tokens").as_int64(), 0);
    EXPECT_THAT(result.output, HasSubstr("\"id\":\"猫\""));
}

TEST_F(batch, goes_on_after_bad_lines)
{
    write_file(path("2.png"), numbered_picture(2));
    auto const list = "\xef\xbb\xbf# a comment\r\n" + serve(1) + "\r\n\r\n" + //
                      R"({"id":7,"image":")" + path("2.png") + R"(","prompt":"这是什么?"})" +
                      "\n{\"id\":8}\n" + path("missing.png") + '\n' + std::string(1'100'000, 'x') +
                      "\nftp://example.com/a.png\ncaf\xe9\n" + serve(3);
    auto const result = run({"batch", write_list(list)});
    auto const records = sorted_by_line(result.output);
    ASSERT_EQ(records.size(), 8u);
    EXPECT_EQ(records[0].at("line"), 2);
    EXPECT_EQ(records[0].at("text").as_string(), answer(default_prompt, 1));
    EXPECT_EQ(records[1].at("id"), 7);
    EXPECT_EQ(records[1].at("text").as_string(), answer("这是什么?", 2));
    EXPECT_EQ(records[2].at("error").at("kind"), "bad_line");
    EXPECT_EQ(records[2].at("error").at("message"), "\"image\" is missing or empty");
    EXPECT_EQ(records[3].at("error").at("kind"), "unreadable_image");
    EXPECT_EQ(records[4].at("error").at("message"), "longer than 1 MiB");
    EXPECT_TRUE(records[4].at("image").is_null());
    EXPECT_EQ(records[5].at("error").at("kind"), "unreadable_image");
    EXPECT_EQ(records[6].at("error").at("message"), "not UTF-8");
    EXPECT_EQ(records[7].at("line"), 10);
    EXPECT_EQ(records[7].at("text").as_string(), answer(default_prompt, 3));
    EXPECT_THAT(
        result.errors,
        AllOf(
            HasSubstr("line 5: \"image\" is missing or empty\n"),
            HasSubstr("line 7: longer than 1 MiB\n"), HasSubstr("line 9: not UTF-8\n"),
            HasSubstr("failed: 3 bad_line, 2 unreadable_image\n")));
    EXPECT_EQ(result.status, 1);
}

TEST_F(batch, reports_only_the_first_of_many_bad_lines)
{
    auto const result = run({"batch", write_list(lines(1000, "{}"))});
    EXPECT_EQ(parse_lines(result.output).size(), 1000u);
    EXPECT_EQ(count(result.errors, "is missing or empty"), 20u);
    EXPECT_THAT(result.errors, HasSubstr("failed: 1,000 bad_line"));
    EXPECT_EQ(result.status, 2);
}

TEST_F(batch, has_nothing_to_do_for_an_empty_list)
{
    auto const result = run({"batch", write_list("\n# nothing\n")});
    EXPECT_THAT(result.output, IsEmpty());
    EXPECT_EQ(result.status, 0);
}

// A record comes back before the next line is written: nothing waits for the end of the input.
TEST_F(batch, reads_standard_input_as_it_comes)
{
    tool_process process{with_emulator({"batch", "-"})};
    for (int i = 0; i != 3; ++i) {
        auto const url = serve(i);
        process.write(url.substr(0, 5));
        process.write(url.substr(5) + '\n');
        EXPECT_THAT(process.read_line(), HasSubstr("\"line\":" + std::to_string(i + 1)));
    }
    process.write(serve(3));
    auto const result = process.finish();
    EXPECT_EQ(parse_lines(result.output).size(), 1u);
    EXPECT_EQ(result.status, 0);
}

TEST_F(batch, reads_a_file_given_as_standard_input)
{
    auto const list = write_list(list_of(5));
    open_file const input{::open(list.c_str(), O_RDONLY | O_CLOEXEC)};
    auto settings = with_emulator({"batch", "-"});
    settings.input = input.get();
    auto const result = run_tool(settings);
    expect_answers(sorted_by_line(result.output), 5);
}

TEST_F(batch, stops_reading_on_a_signal_though_no_input_comes)
{
    tool_process process{with_emulator({"batch", "-"})};
    process.write(serve(1) + '\n');
    process.read_line();
    process.send_signal(SIGTERM);
    auto const result = process.wait();
    EXPECT_THAT(
        result.errors,
        HasSubstr("1 images done; not done: 0 of those read and all after line 1\n"));
    EXPECT_EQ(result.status, 130);
}

class batch_stalling : public batch
{
protected:
    // All but the first ten requests stall.
    batch_stalling()
        : batch{{.script = [](vidi::testing::request_view const& request) {
              return request.sequence > 10 ? behaviour::stall() : behaviour{};
          }}}
    {
    }

    // Until ten are done, and eight stall.
    void start()
    {
        auto writing = make_pipe();
        errors = std::move(writing.reading);
        auto settings = with_emulator(
            {"batch", write_list(list_of(100)), "--concurrency", "8", "-o", path("out")});
        settings.errors = writing.writing.get();
        running.emplace(settings);
        writing.writing.close();
        wait_until_stalled(8);
    }

    // What the program says, up to a text, or all of it.
    std::string read_errors_until(std::string const& text)
    {
        std::string said;
        for (char c = 0; said.find(text) == std::string::npos && ::read(errors.get(), &c, 1) == 1;)
            said += c;
        return said;
    }

    std::optional<tool_process> running;
    open_file errors;
};

TEST_F(batch_stalling, keeps_what_is_done_when_it_is_interrupted_twice)
{
    start();
    running->send_signal(SIGINT);
    read_errors_until("interrupted: what is in flight is waited for");
    running->send_signal(SIGINT);
    EXPECT_EQ(running->finish().status, 130);
    auto const records = parse_lines(read_file(path("out")));
    EXPECT_EQ(records.size(), 10u);
    for (auto const& record : records)
        EXPECT_TRUE(record.at("error").is_null());
    EXPECT_THAT(
        read_errors_until("no such text"),
        AllOf(
            HasSubstr("10 images done; not done: 16 of those read and all after line 26\n"),
            HasSubstr("to go on, give the same command with --resume")));
}

TEST_F(batch_stalling, waits_for_what_is_in_flight_when_it_is_interrupted_once)
{
    start();
    running->send_signal(SIGTERM);
    read_errors_until("interrupted: ");
    server().release_stalled();
    EXPECT_EQ(running->finish().status, 130);
    EXPECT_EQ(parse_lines(read_file(path("out"))).size(), 18u);
    EXPECT_EQ(server().statistics().requests, 18u);
}

TEST_F(batch_stalling, has_no_more_in_flight_than_asked)
{
    tool_process process{with_emulator({"batch", write_list(list_of(40)), "--concurrency", "3"})};
    wait_until_stalled(3);
    EXPECT_EQ(server().statistics().requests, 13u);
    EXPECT_EQ(server().statistics().connections_accepted, 3u);
}

class batch_killed : public batch
{
protected:
    // Eight requests stall after the first ten, and no more.
    batch_killed()
        : batch{{.script = [](vidi::testing::request_view const& request) {
              bool const stalls = request.sequence > 10 && request.sequence <= 18;
              return stalls ? behaviour::stall() : behaviour{};
          }}}
    {
    }
};

TEST_F(batch_killed, is_gone_on_with)
{
    auto const list = write_list(list_of(100));
    {
        tool_process process{
            with_emulator({"batch", list, "--concurrency", "8", "-o", path("out")})};
        wait_until_stalled(8);
        process.send_signal(SIGKILL);
        EXPECT_EQ(process.wait().status, 128 + SIGKILL);
    }
    auto const refused = run({"batch", list, "-o", path("out")});
    EXPECT_THAT(refused.errors, AllOf(HasSubstr("--resume"), HasSubstr("--force")));
    EXPECT_EQ(refused.status, 2);
    auto const changed = run({"batch", list, "-o", path("out"), "--resume", "--prompt", "another"});
    EXPECT_EQ(changed.status, 2) << changed.errors;
    EXPECT_EQ(server().statistics().requests, 18u);

    auto const result = run({"batch", list, "-o", path("out"), "--resume"});
    EXPECT_EQ(result.status, 0) << result.errors;
    auto const records = sorted_by_line(read_file(path("out")));
    expect_answers(records, 100);
    EXPECT_EQ(server().statistics().requests, 108u);
    std::int64_t interrupted = 0;
    for (auto const& record : records)
        interrupted += record.at("interrupted").as_int64();
    EXPECT_EQ(interrupted, 8);
}

TEST_F(batch, asks_again_what_failed_if_told_to)
{
    auto const list = write_list(serve(1) + '\n' + path("late.png") + '\n');
    EXPECT_EQ(run({"batch", list, "-o", path("out")}).status, 1);
    write_file(path("late.png"), numbered_picture(2));
    EXPECT_EQ(run({"batch", list, "-o", path("out"), "--retry-failed"}).status, 0);
    auto const records = sorted_by_line(read_file(path("out")));
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[1].at("text").as_string(), answer(default_prompt, 2));
    EXPECT_EQ(server().statistics().requests, 2u);
}

TEST_F(batch, keeps_to_its_limits)
{
    auto const list = write_list(list_of(30));
    auto const limited = run({"batch", list, "--limit", "5", "--in-order"});
    EXPECT_EQ(limited.status, 0);
    expect_answers(parse_lines(limited.output), 5);

    auto const budget = run({"batch", list, "-o", path("out"), "--budget-requests", "7"});
    EXPECT_EQ(budget.status, 1);
    EXPECT_THAT(budget.errors, HasSubstr("the budget is used up"));
    EXPECT_EQ(server().statistics().requests, 12u);
    EXPECT_EQ(run({"batch", list, "-o", path("out"), "--resume"}).status, 0);
    expect_answers(sorted_by_line(read_file(path("out"))), 30);
    EXPECT_EQ(server().statistics().requests, 35u);
}

TEST_F(batch, stops_at_once_if_the_key_is_rejected)
{
    auto settings =
        with_emulator({"batch", write_list(different(10'000, serve(1))), "-o", path("out")});
    settings.environment["OPENAI_API_KEY"] = "sk-not-the-right-one";
    auto const result = run_tool(settings);
    EXPECT_THAT(
        result.errors, AllOf(
                           HasSubstr("it concerns all images: the API rejected the key"),
                           HasSubstr("OPENAI_API_KEY")));
    EXPECT_EQ(count(result.errors, "rejected the key"), 1u);
    EXPECT_THAT(result.errors, Not(HasSubstr("sk-not")));
    EXPECT_LE(parse_lines(read_file(path("out"))).size(), 32u);
    EXPECT_EQ(result.status, 3);
}

TEST_F(batch, stops_soon_if_the_server_cannot_be_reached)
{
    auto settings = with_emulator({"batch", write_list(different(10'000, serve(1)))});
    settings.arguments[2] = unreachable_url();
    auto const result = run_tool(settings);
    EXPECT_EQ(count(result.errors, "refused the connection"), 1u);
    EXPECT_LE(parse_lines(result.output).size(), 64u);
    EXPECT_EQ(result.status, 3);
}

TEST_F(batch, is_refused_for_all_also_if_the_list_is_short)
{
    auto settings = with_emulator({"batch", write_list(lines(2, serve(1)))});
    settings.arguments[2] = unreachable_url();
    EXPECT_EQ(run_tool(settings).status, 3);
}

TEST_F(batch, refuses_an_unusable_list)
{
    for (auto const& name : {path("missing"), path("missing/")}) {
        auto const result = run({"batch", name, "-o", path("out")});
        EXPECT_THAT(result.errors, HasSubstr("vidi batch: "));
        EXPECT_EQ(result.status, 2);
    }
    EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(batch, does_not_overwrite_a_file_unless_told_to)
{
    write_file(path("out"), "precious");
    auto const list = write_list(list_of(1));
    auto const refused = run({"batch", list, "-o", path("out")});
    EXPECT_THAT(refused.errors, AllOf(HasSubstr("exists already"), HasSubstr("--force")));
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(read_file(path("out")), "precious");
    EXPECT_EQ(server().statistics().requests, 0u);

    EXPECT_EQ(run({"batch", list, "-o", path("out"), "--force"}).status, 0);
    expect_answers(sorted_by_line(read_file(path("out"))), 1);
}

TEST_F(batch, does_not_write_to_its_list_by_any_name)
{
    auto const text = list_of(1);
    auto const list = write_list(text);
    std::filesystem::create_symlink(list, path("link"));
    for (auto const& output : {list, path("link")}) {
        auto const result = run({"batch", list, "-o", output, "--force"});
        EXPECT_THAT(result.errors, HasSubstr("is the list itself"));
        EXPECT_EQ(result.status, 2);
    }
    open_file const appended{::open(list.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)};
    auto settings = with_emulator({"batch", list});
    settings.output = appended.get();
    EXPECT_EQ(run_tool(settings).status, 2);
    EXPECT_EQ(read_file(list), text);
}

TEST_F(batch, ends_if_the_results_cannot_be_written)
{
    auto const list = write_list(lines(1000, serve(1)));
    auto const full = run({"batch", list, "-o", "/dev/full"});
    EXPECT_EQ(count(full.errors, "cannot write to /dev/full: No space left on device"), 1u);
    EXPECT_EQ(full.status, 1);

    tool_process process{with_emulator({"batch", list})};
    process.close_output();
    auto const closed = process.finish();
    EXPECT_EQ(count(closed.errors, "cannot write to standard output: Broken pipe"), 1u);
    EXPECT_EQ(closed.status, 1);
}

void expect_blocking(open_file const& file)
{
    EXPECT_EQ(::fcntl(file.get(), F_GETFL) & O_NONBLOCK, 0);
}

// The shell and the programs beside this one have the same pipes and sockets open.
TEST_F(batch, leaves_shared_streams_as_they_were)
{
    auto const pipe = make_pipe();
    std::array<int, 2> sockets{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()), 0);
    open_file const near{sockets[0]};
    open_file far{sockets[1]};
    auto settings = with_emulator({"batch", "-"});
    settings.input = near.get();
    settings.output = pipe.writing.get();
    tool_process process{settings};
    auto const line = serve(1) + '\n';
    ASSERT_EQ(::write(far.get(), line.data(), line.size()), static_cast<ssize_t>(line.size()));
    far.close();
    EXPECT_EQ(process.finish().status, 0);
    expect_blocking(near);
    expect_blocking(pipe.writing);
}

// Images that cannot be read are the fastest there are.
TEST_F(batch, needs_no_more_memory_for_a_longer_list)
{
    auto const peak = [this](int number) {
        auto const list = write_list(lines(number, "missing.png"));
        auto settings = with_emulator({"batch", list, "-o", "/dev/null", "--concurrency", "64"});
        // AddressSanitizer keeps what is freed, if it is not told otherwise.
        settings.environment["ASAN_OPTIONS"] = "quarantine_size_mb=0";
        auto const result = run_tool(settings);
        EXPECT_EQ(result.status, 2);
        return result.peak_memory;
    };
    auto const few = peak(1'000);
    auto const many = peak(200'000);
    EXPECT_LT(many, few + 4'000'000);
}

} // namespace
} // namespace vidi_test
