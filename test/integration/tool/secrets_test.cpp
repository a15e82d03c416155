#include "terminal.hpp"
#include "tool_fixture.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>

namespace vidi_test {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using vidi::testing::behaviour;

constexpr char key[] = "sk-very-secret-0123456789";

// `user:` and the key in Base64: what a proxy is sent.
constexpr char credentials[] = "dXNlcjpzay12ZXJ5LXNlY3JldC0wMTIzNDU2Nzg5";

struct misbehaviour
{
    std::string_view prompt;
    behaviour answer;
};

// The prompt says what the emulator does.
behaviour answer_as_asked(vidi::testing::request_view const& request)
{
    misbehaviour const all[] = {
        {"refuse the key", behaviour::error(401, "invalid_api_key")},
        {"forbid it", behaviour::error(403, "")},
        {"quote the key",
         behaviour::error(401, "invalid_api_key", std::string{"Incorrect API key: "} + key)},
        {"quote it on a page", behaviour::reply({.status = 403, .body = key})},
        {"quote it as an answer", behaviour::reply({.body = std::string{"[1, "} + key})},
        {"go where it says",
         behaviour::reply(
             {.status = 307,
              .headers = {{"Location", std::string{"https://else.invalid/"} + key}}})},
        {"hang up", behaviour::close_before_response()},
        {"garble it", behaviour::raw("This is not HTTP.\r\n\r\n")},
        {"show a page", behaviour::reply({.body = "<html>", .content_type = "text/html"})},
        {"take another shape", behaviour::reply({.body = "[]"})},
        {"go elsewhere",
         behaviour::reply({.status = 307, .headers = {{"Location", "https://else.invalid/"}}})},
        {"stall", behaviour::stall()}};
    for (auto const& [prompt, answer] : all)
        if (request.body.find(prompt) != std::string_view::npos)
            return answer;
    return {};
}

struct situation
{
    char const* name;
    process_settings settings;
    // What the program prints if it came to this situation.
    char const* proof;
};

// Everything that the program prints, and every file that it writes, is searched for the key.
class secrets : public tool
{
protected:
    secrets() : tool{{.api_key = key, .script = answer_as_asked}}
    {
        std::filesystem::create_directory(path("written"));
        write_file(path("key"), std::string{key} + '\n');
        write_file(path("spoilt key"), std::string{key} + "\x01x");
        write_file(path("picture.png"), numbered_picture(1));
        write_file(path("mixed"), mixed_list());
        write_file(path("refused"), item("refuse the key"));
    }

    // All files that the program writes are there.
    std::string written(std::string const& name) const { return path("written/" + name); }

    process_settings with_key(arguments words) const
    {
        words.insert(words.end(), {"--retries", "0"});
        auto settings = with_emulator(std::move(words));
        settings.environment["OPENAI_API_KEY"] = key;
        return settings;
    }

    static process_settings without_emulator(arguments words)
    {
        return {.arguments = std::move(words), .environment = {{"OPENAI_API_KEY", key}}};
    }

    process_settings asking(std::string prompt) const
    {
        return with_key({"describe", "--prompt", std::move(prompt), picture_, "--timeout", "10"});
    }

    process_settings at(std::string base_url) const
    {
        auto settings = with_key({"describe", picture_});
        settings.arguments[2] = std::move(base_url);
        return settings;
    }

    process_settings through(std::string const& proxy) const
    {
        return with_key({"describe", "--proxy", "http://user:" + (key + ('@' + proxy)), picture_});
    }

    process_settings with_key_file(std::string const& name) const
    {
        auto settings = with_key({"describe", "--key-file", path(name), picture_});
        settings.environment["OPENAI_API_KEY"] = "";
        return settings;
    }

    process_settings with_unknown_authority() const
    {
        auto settings = at(server_url_);
        settings.arguments.erase(settings.arguments.begin() + 3, settings.arguments.begin() + 5);
        return settings;
    }

    process_settings with_unusable_proxy_in_environment() const
    {
        auto settings = at("https://api.invalid/v1");
        settings.environment["https_proxy"] = std::string{"http://user:"} + key + "@:1";
        settings.environment["no_proxy"] = settings.environment["NO_PROXY"] = "";
        return settings;
    }

    std::vector<situation> describing() const;
    std::vector<situation> batches() const;
    std::vector<situation> wrong_usage() const;
    std::vector<situation> help() const;

    void expect_no_key(std::vector<situation> const& situations) const
    {
        for (auto const& [name, settings, proof] : situations) {
            SCOPED_TRACE(name);
            auto const result = run_tool(settings);
            EXPECT_THAT(result.output + result.errors, HasSubstr(proof));
            expect_no_key(result.output + result.errors);
        }
    }

    void expect_no_key(std::string text) const
    {
        for (auto const& entry : std::filesystem::directory_iterator(path("written")))
            text += read_file(entry.path());
        EXPECT_THAT(text, Not(AnyOf(HasSubstr(key), HasSubstr(credentials))));
    }

    // A line of a list.
    std::string item(std::string const& prompt) const
    {
        return R"({"image":")" + picture_ + R"(","prompt":")" + prompt + "\"}\n";
    }

    std::string const picture_ = serve(1);

private:
    std::string mixed_list() const
    {
        return picture_ + '\n' + item("forbid it") + item("hang up") + item("garble it") +
               item("show a page") + path("missing.png") + "\n{\"image\":\n";
    }

    std::string const server_url_ = server().base_url();
    std::string const unreachable_ = unreachable_url();
};

std::vector<situation> secrets::describing() const
{
    auto const nobody =
        unreachable_.substr(8, unreachable_.size() - 11); // without https:// and /v1
    return {
        {"an answer", with_key({"describe", picture_}), "picture 1: "},
        {"an answer as JSON", with_key({"describe", "--json", picture_}), "\"usage\": "},
        {"the key in a file", with_key_file("key"), "picture 1: "},
        {"the key is refused", asking("refuse the key"), "(401)"},
        {"the key may not do this", asking("forbid it"), "(403)"},
        {"the key is quoted", asking("quote the key"), "Incorrect API key: [secret]"},
        {"the key on a page", asking("quote it on a page"), "[secret]"},
        {"the key as an answer", asking("quote it as an answer"), "[secret]"},
        {"the key in a redirect", asking("go where it says"), "https://else.invalid/[secret]"},
        {"no answer", asking("hang up"), "ended before the server answered"},
        {"no HTTP", asking("garble it"), "not HTTP/1.1"},
        {"no JSON", asking("show a page"), "the answer begins: <html>"},
        {"no response", asking("take another shape"), "not a response of the API"},
        {"a redirect", asking("go elsewhere"), "https://else.invalid/"},
        {"no answer in time",
         with_key({"describe", "--prompt", "stall", "--timeout", "0.05", picture_}),
         "allow more time with --timeout"},
        {"nobody there", at(unreachable_), "refused the connection"},
        {"an unknown authority", with_unknown_authority(), "not trusted"},
        {"no proxy there", through(nobody), "refused the connection"},
        {"a proxy without a name", through(":1"), "proxy.url: "},
        {"such a proxy in the environment", with_unusable_proxy_in_environment(), "https_proxy: "},
    };
}

std::vector<situation> secrets::batches() const
{
    return {
        {"results on standard output", with_key({"batch", path("mixed")}), "1 succeeded, 6 failed"},
        {"results in a file", with_key({"batch", path("mixed"), "-o", written("results")}),
         "1 succeeded, 6 failed"},
        {"the file exists", with_key({"batch", path("mixed"), "-o", written("results")}),
         "is the journal of an earlier run"},
        {"gone on with",
         with_key({"batch", path("mixed"), "-o", written("results"), "--retry-failed"}),
         "1 succeeded, 6 failed"},
        {"the key is refused", with_key({"batch", path("refused"), "-o", written("refused")}),
         "it concerns all images"},
        {"no list", with_key({"batch", path("missing")}), "vidi batch: "},
    };
}

std::vector<situation> secrets::wrong_usage() const
{
    auto const key_in_address = std::string{"https://user:"} + key + "@127.0.0.1/v1";
    return {
        {"no command", without_emulator({}), "name a command"},
        {"an unknown option", with_key({"describe", "--colour", picture_}), "--colour"},
        {"no time", with_key({"describe", "--timeout", "soon", picture_}), "--timeout"},
        {"no address", at("nonsense"), "base_url: "},
        {"the key in the address", at(key_in_address), "base_url: "},
        {"no file of the key", with_key_file("missing"), "File does not exist"},
        {"the key for a file", with_key({"describe", "--key-file", key, picture_}), "sk-..."},
        {"the key for a time", with_key({"describe", "--timeout", key, picture_}), "sk-..."},
        {"the key for an option", without_emulator({"emulate", "--api-key", key}), "sk-..."},
        {"a key with control characters", with_key_file("spoilt key"), "api_key: "},
        {"an emulator that cannot start",
         without_emulator(
             {"emulate", "--api-key-file", path("key"), "--fault-rate", "1", "--fault", "none"}),
         "there is no fault"},
    };
}

std::vector<situation> secrets::help() const
{
    return {
        {"vidi", without_emulator({"--help"}), "Usage: vidi COMMAND"},
        {"describe", without_emulator({"describe", "--help"}), "Usage: vidi describe"},
        {"batch", without_emulator({"batch", "--help"}), "Usage: vidi batch"},
        {"emulate", without_emulator({"emulate", "--help"}), "Usage: vidi emulate"},
        {"version", without_emulator({"--version"}), "vidi "},
    };
}

TEST_F(secrets, are_in_nothing_that_is_printed_or_written)
{
    expect_no_key(describing());
    expect_no_key(batches());
    expect_no_key(wrong_usage());
    expect_no_key(help());
}

TEST_F(secrets, are_not_shown_on_a_terminal)
{
    write_file(path("list"), picture_ + '\n' + item("stall"));
    terminal screen;
    auto settings = with_key({"batch", path("list"), "--concurrency", "1"});
    settings.errors = screen.for_program();
    settings.environment["TERM"] = "xterm";
    tool_process process{settings};
    wait_until_stalled(1);
    screen.read_until(" 1 done, 0 failed, 1");
    server().release_stalled();
    auto const shown = screen.read_until("connections: ");
    expect_no_key(shown + process.finish().output);
}

TEST_F(secrets, are_not_told_by_the_emulator)
{
    tool_process emulator{without_emulator(
        {"emulate", "--api-key-file", path("key"), "--ca-out", written("ca.pem"), "--ledger",
         written("ledger")})};
    auto const first_line = emulator.read_line();
    auto settings = with_key({"describe", path("picture.png")});
    settings.arguments[2] = first_line.substr(first_line.find("https://"));
    settings.arguments[4] = written("ca.pem");
    EXPECT_EQ(run_tool(settings).status, 0);
    settings.environment["OPENAI_API_KEY"] = "sk-not-the-right-one";
    EXPECT_EQ(run_tool(settings).status, 3);
    emulator.send_signal(SIGTERM);
    auto const result = emulator.wait();
    EXPECT_THAT(
        read_file(written("ledger")),
        AllOf(HasSubstr("\"status\":200"), HasSubstr("\"status\":401")));
    expect_no_key(first_line + result.output + result.errors);
}

} // namespace
} // namespace vidi_test
