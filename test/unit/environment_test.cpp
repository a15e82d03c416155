#include <vidi/client_config.hpp>
#include <vidi/error.hpp>

#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>

#include <map>
#include <string>

namespace {

using vidi::client_config;

// The variables of a test in place of what was there.
class environment
{
public:
    explicit environment(std::map<std::string, std::string> const& variables)
    {
        for (auto const* name :
             {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
              "no_proxy", "NO_PROXY", "REQUEST_METHOD", "OPENAI_BASE_URL", "OPENAI_API_KEY",
              "DMXAPI_API_KEY"})
        {
            if (auto const* value = ::getenv(name))
                before_[name] = value;
            ::unsetenv(name);
            set_.push_back(name);
        }
        ::setenv("OPENAI_API_KEY", "sk-key", 1);
        for (auto const& [name, value] : variables)
            ::setenv(name.c_str(), value.c_str(), 1);
    }

    ~environment()
    {
        for (auto const* name : set_) {
            if (auto const found = before_.find(name); found != before_.end())
                ::setenv(name, found->second.c_str(), 1);
            else
                ::unsetenv(name);
        }
    }

private:
    std::map<std::string, std::string> before_;
    std::vector<char const*> set_;
};

struct row
{
    std::map<std::string, std::string> variables;
    char const* proxy; // its URL; empty: none
};

TEST(environment, names_the_proxy)
{
    std::pair<std::string, std::string> const plain{"OPENAI_BASE_URL", "http://localhost/v1"};
    row const table[]{
        {{}, ""},
        {{{"HTTPS_PROXY", ""}}, ""},
        {{{"HTTPS_PROXY", "http://a:1"}}, "http://a:1"},
        {{{"HTTPS_PROXY", "a:1"}}, "http://a:1"},
        {{{"HTTPS_PROXY", "http://a"}, {"https_proxy", "http://b"}}, "http://b"},
        {{{"HTTPS_PROXY", "http://a"}, {"ALL_PROXY", "http://b"}}, "http://a"},
        {{{"HTTPS_PROXY", "http://a"}, {"ALL_PROXY", "socks5://b"}}, "http://a"},
        {{{"ALL_PROXY", "http://a"}}, "http://a"},
        {{{"ALL_PROXY", "http://a"}, {"all_proxy", "http://b"}}, "http://b"},
        {{{"HTTP_PROXY", "http://a"}}, ""},
        {{{"http_proxy", "http://a"}}, ""},
        {{plain, {"HTTPS_PROXY", "http://a"}}, ""},
        {{plain, {"HTTP_PROXY", "http://a"}}, "http://a"},
        {{plain, {"HTTP_PROXY", "http://a"}, {"http_proxy", "http://b"}}, "http://b"},
        {{plain, {"ALL_PROXY", "http://a"}}, "http://a"},
        // In a CGI program: the request's field Proxy.
        {{plain, {"HTTP_PROXY", "http://a"}, {"REQUEST_METHOD", "GET"}}, ""},
        {{plain, {"http_proxy", "http://a"}, {"REQUEST_METHOD", "GET"}}, "http://a"},
        {{{"HTTPS_PROXY", "http://a"}, {"REQUEST_METHOD", "GET"}}, "http://a"},
        // What would not be used does not matter.
        {{plain, {"ALL_PROXY", "socks5://a"}}, ""},
        {{{"HTTPS_PROXY", "socks5://a"}, {"NO_PROXY", "api.openai.com"}}, ""},
    };
    for (auto const& [variables, proxy] : table) {
        environment const set{variables};
        auto const config = client_config::from_environment();
        EXPECT_EQ(config.proxy ? config.proxy->url : "", proxy);
        EXPECT_FALSE(config.proxy && config.proxy->proxy_loopback);
    }
}

TEST(environment, holds_the_user_and_the_exceptions)
{
    environment const set{
        {{"HTTPS_PROXY", "http://me:p%40ss@a:1"},
         {"NO_PROXY", "a,10.0.0.0/8 , <local>, 169.254/16 .b"}}};
    auto const config = client_config::from_environment();
    ASSERT_TRUE(config.proxy);
    EXPECT_EQ(config.proxy->url, "http://a:1");
    EXPECT_EQ(config.proxy->user, "me");
    EXPECT_EQ(config.proxy->password.reveal(), "p@ss");
    EXPECT_EQ(config.proxy->no_proxy, (std::vector<std::string>{"a", "10.0.0.0/8", ".b"}));
}

TEST(environment, lower_case_exceptions_come_first)
{
    environment const set{
        {{"HTTPS_PROXY", "http://a"}, {"NO_PROXY", "upper"}, {"no_proxy", "lower"}}};
    EXPECT_EQ(client_config::from_environment().proxy->no_proxy, std::vector<std::string>{"lower"});
}

TEST(environment, a_proxy_that_cannot_be_used_is_refused_by_its_variable)
{
    std::pair<char const*, char const*> const table[]{
        {"ALL_PROXY", "socks5://me:hunter2@a:1"},
        {"all_proxy", "socks5h://a:1"},
        {"HTTPS_PROXY", "ftp://me:hunter2@a"},
        {"https_proxy", "http://a/hunter2"},
        {"HTTPS_PROXY", "http://me:hunter2%0d%0a@a"},
        {"HTTPS_PROXY", "http://me:hunter2@"},
        {"HTTPS_PROXY", "me:hunter2@a b"},
    };
    for (auto const& [name, value] : table) {
        environment const set{{{name, value}}};
        try {
            client_config::from_environment();
            ADD_FAILURE() << value << " must be refused";
        }
        catch (boost::system::system_error const& e) {
            EXPECT_EQ(e.code(), vidi::errc::invalid_configuration);
            EXPECT_TRUE(std::string_view{e.what()}.starts_with(name)) << e.what();
            EXPECT_EQ(std::string{e.what()}.find("hunter2"), std::string::npos) << e.what();
        }
    }
}

} // namespace
