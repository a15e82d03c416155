#include "tool_fixture.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>
#include <signal.h>

namespace vidi_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using vidi::testing::behaviour;

class describe : public tool
{
protected:
    using tool::tool;
};

TEST_F(describe, prints_the_answer_about_a_url)
{
    auto const result = run({"describe", serve(1)});
    EXPECT_EQ(result.output, answer(default_prompt, 1) + '\n');
    EXPECT_THAT(result.errors, IsEmpty());
    EXPECT_EQ(result.status, 0);
}

TEST_F(describe, sends_a_file)
{
    write_file(path("a picture.png"), numbered_picture(2));
    auto const result =
        run({"describe", "--prompt", "这里写着什么?", path("a picture.png"), "--detail", "low"});
    EXPECT_EQ(result.output, answer("这里写着什么?", 2) + '\n');
    EXPECT_EQ(result.status, 0);
}

TEST_F(describe, prints_the_whole_response_as_json)
{
    auto const result = run({"describe", "--json", "--model", "gpt-5", serve(3)});
    auto const response = boost::json::parse(result.output);
    EXPECT_EQ(response.at("status"), "completed");
    EXPECT_EQ(
        response.at("output").at(1).at("content").at(0).at("text").as_string(),
        answer(default_prompt, 3));
    EXPECT_THAT(
        result.output, AllOf(HasSubstr(default_prompt), HasSubstr("\n    \"usage\": {\n        ")));
    EXPECT_THAT(result.output, HasSubstr("\"temperature\": 1.0"));
    EXPECT_TRUE(result.output.ends_with("\n}\n"));
    EXPECT_EQ(result.status, 0);
}

TEST_F(describe, prints_several_answers_under_headings)
{
    write_file(path("2.png"), numbered_picture(2));
    auto const first = serve(1);
    auto const result = run({"describe", first, path("2.png")});
    EXPECT_EQ(
        result.output, "==> " + first + " <==\n" + answer(default_prompt, 1) + "\n\n==> " +
                           path("2.png") + " <==\n" + answer(default_prompt, 2) + '\n');
    EXPECT_EQ(result.status, 0);
}

class describe_one_late : public describe
{
protected:
    describe_one_late()
        : describe{{.script = [](vidi::testing::request_view const& request) {
              bool const late = request.body.find("/1.png") != std::string_view::npos;
              return late ? behaviour::stall() : behaviour{};
          }}}
    {
    }
};

TEST_F(describe_one_late, asks_at_the_same_time_and_prints_in_the_given_order)
{
    auto const first = serve(1);
    auto const second = serve(2);
    tool_process process{with_emulator({"describe", first, second})};
    wait_until_stalled(1);
    ASSERT_TRUE(server().wait_for(
        [](auto const& statistics) { return statistics.answered.contains(200); },
        std::chrono::seconds{60}));
    server().release_stalled();
    auto const result = process.finish();
    EXPECT_LT(result.output.find("/1.png <=="), result.output.find("/2.png <=="));
    EXPECT_EQ(result.status, 0);
}

TEST_F(describe_one_late, ends_on_a_signal)
{
    tool_process process{with_emulator({"describe", serve(1)})};
    wait_until_stalled(1);
    process.send_signal(SIGINT);
    auto const result = process.finish();
    EXPECT_THAT(result.errors, HasSubstr("interrupted, 0 of 1 images done"));
    EXPECT_EQ(result.status, 130);
}

TEST_F(describe, names_the_variables_if_the_key_is_wrong_and_does_not_print_it)
{
    auto settings = with_emulator({"describe", serve(1)});
    settings.environment["OPENAI_API_KEY"] = "sk-not-the-right-one";
    auto const result = run_tool(settings);
    EXPECT_THAT(
        result.errors,
        AllOf(
            HasSubstr("/1.png: "), HasSubstr("401"), HasSubstr("DMXAPI_API_KEY or OPENAI_API_KEY"),
            Not(HasSubstr("sk-not"))));
    EXPECT_THAT(result.output, IsEmpty());
    EXPECT_EQ(result.status, 3);
}

TEST_F(describe, needs_a_key)
{
    auto settings = with_emulator({"describe", serve(1)});
    settings.environment["OPENAI_API_KEY"] = "";
    settings.arguments[2] = "https://api.invalid/v1";
    auto const result = run_tool(settings);
    EXPECT_THAT(
        result.errors, HasSubstr("set DMXAPI_API_KEY or OPENAI_API_KEY in the environment"));
    EXPECT_EQ(result.status, 3);
}

TEST_F(describe, says_that_the_server_cannot_be_reached)
{
    auto settings = with_emulator({"describe", serve(1)});
    settings.arguments[2] = unreachable_url();
    auto const result = run_tool(settings);
    EXPECT_THAT(result.errors, AllOf(HasSubstr("refused the connection"), HasSubstr("--base-url")));
    EXPECT_EQ(result.status, 3);
}

TEST_F(describe, does_not_trust_an_unknown_authority)
{
    auto settings = with_emulator({"describe", serve(1)});
    settings.arguments.erase(settings.arguments.begin() + 3, settings.arguments.begin() + 5);
    auto const result = run_tool(settings);
    EXPECT_THAT(result.errors, AllOf(HasSubstr("not trusted"), HasSubstr("--ca-file")));
    EXPECT_EQ(result.status, 3);
}

TEST_F(describe, reports_an_image_that_fails_and_prints_the_others)
{
    auto const result =
        run({"describe", path("missing.png"), serve(1), server().image_url("none")});
    EXPECT_THAT(result.output, HasSubstr(answer(default_prompt, 1)));
    EXPECT_THAT(
        result.errors, AllOf(
                           HasSubstr("missing.png: cannot be opened: No such file or directory\n"),
                           HasSubstr("/none: the provider could not download the image (400): ")));
    EXPECT_EQ(result.status, 1);
}

TEST_F(describe, says_that_nothing_could_be_sent)
{
    auto const result = run({"describe", path("missing.png"), path("ca.pem")});
    EXPECT_THAT(result.errors, HasSubstr("ca.pem: is not a PNG, JPEG, GIF or WebP picture\n"));
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(server().statistics().requests, 0u);
}

TEST_F(describe, gives_up_after_the_given_time)
{
    vidi::testing::emulator_options options;
    options.script = [](auto const&) { return behaviour::stall(); };
    vidi::testing::emulator const slow{options};
    slow.write_ca_certificate(path("slow.pem"));
    auto settings = with_emulator({"describe", serve(1), "--timeout", "0.05"});
    settings.arguments[2] = slow.base_url();
    settings.arguments[4] = path("slow.pem");
    auto const result = run_tool(settings);
    EXPECT_THAT(result.errors, HasSubstr("allow more time with --timeout"));
    EXPECT_EQ(result.status, 1);
}

// A second emulator, which answers every request alike.
class canned_answer
{
public:
    canned_answer(std::string body, std::string const& ca_file)
        : server_{options_for(std::move(body))}
    {
        server_.write_ca_certificate(ca_file);
    }

    std::string base_url() const { return server_.base_url(); }

private:
    static vidi::testing::emulator_options options_for(std::string body)
    {
        return {.script = [body = std::move(body)](auto const&) {
            return behaviour::reply({.body = body});
        }};
    }

    vidi::testing::emulator server_;
};

class describe_canned : public describe
{
protected:
    process_result run_with(std::string body, arguments words)
    {
        canned_answer const canned{std::move(body), path("canned.pem")};
        auto settings = with_emulator(std::move(words));
        settings.arguments[2] = canned.base_url();
        settings.arguments[4] = path("canned.pem");
        return run_tool(settings);
    }
};

TEST_F(describe_canned, prints_a_gateway_s_answer_as_it_came)
{
    auto const body = read_file(VIDI_TEST_DATA "/gateway-response.json");
    auto const result = run_with(body, {"describe", "--json", serve(1)});
    EXPECT_EQ(boost::json::parse(result.output), boost::json::parse(body));
    EXPECT_EQ(result.status, 0);
}

constexpr char incomplete_response[] = R"({"id":"resp_1","object":"response","status":"incomplete",
"incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"message","role":"assistant",
"content":[{"type":"output_text","text":"It is a ca"}]}]})";

constexpr char failed_response[] = R"({"id":"resp_1","object":"response","status":"failed",
"error":{"code":"server_error","message":"Sorry."},"output":[]})";

constexpr char refused_response[] = R"({"id":"resp_1","object":"response","status":"completed",
"output":[{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I can't."}]}]})";

struct canned_case
{
    char const* body;
    char const* output;
    char const* message;
};

TEST_F(describe_canned, reports_answers_that_are_none)
{
    canned_case const cases[] = {
        {incomplete_response, "It is a ca\n", "the answer is incomplete: max_output_tokens"},
        {failed_response, "", "the model failed: Sorry. (server_error)"},
        {refused_response, "", "the model refuses to answer: I can't."},
    };
    for (auto const& [body, output, message] : cases) {
        auto const result = run_with(body, {"describe", serve(1)});
        EXPECT_EQ(result.output, output);
        EXPECT_THAT(result.errors, HasSubstr(message));
        EXPECT_EQ(result.status, 1);
    }
}

TEST_F(describe, notices_that_nobody_reads)
{
    tool_process process{with_emulator({"describe", serve(1)})};
    process.close_output();
    auto const result = process.finish();
    EXPECT_THAT(result.errors, HasSubstr("cannot write to standard output: Broken pipe"));
    EXPECT_EQ(result.status, 1);
}

TEST_F(describe, refuses_wrong_usage)
{
    std::vector<std::vector<std::string>> const cases = {
        {},
        {"paint"},
        {"describe"},
        {"describe", "--detail", "huge", "a.png"},
        {"describe", "--timeout", "-1", "a.png"},
        {"describe", "--timeout", "nan", "a.png"},
        {"describe", "--timeout", "soon", "a.png"},
        {"describe", "--colour", "a.png"},
        {"describe", "--ca-file", path("missing.pem"), "a.png"},
        {"describe", "--tls-min", "1.1", "a.png"},
        {"describe", "--client-key", path("missing.key"), "a.png"},
        {"describe", "--api-key", "sk-1", "a.png"},
        {"batch"},
        {"batch", "a", "b"},
        {"batch", "--concurrency", "0", "a"},
        {"batch", "--concurrency", "many", "a"},
    };
    for (auto const& words : cases) {
        auto const result = run_tool({.arguments = words});
        EXPECT_EQ(result.status, 2) << ::testing::PrintToString(words);
        EXPECT_THAT(result.errors, HasSubstr("--help")) << ::testing::PrintToString(words);
        EXPECT_THAT(result.output, IsEmpty());
    }
}

TEST_F(describe, prints_help_and_version)
{
    for (auto const* word : {"--help", "--version"}) {
        auto const result = run_tool({.arguments = {word}});
        EXPECT_THAT(result.output, HasSubstr("vidi"));
        EXPECT_THAT(result.errors, IsEmpty());
        EXPECT_EQ(result.status, 0);
    }
}

} // namespace
} // namespace vidi_test
