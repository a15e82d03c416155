#include "integration/client_fixture.hpp"
#include "support/freed_memory.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstring>
#include <new>
#include <string_view>
#include <thread>

namespace vidi::testing {
namespace {

using vidi_test::freed_memory;

// Texts that a string holds in itself, and elsewhere.
std::string const secrets[]{"hunter2", "a secret that no small buffer has room for"};

TEST(secret_memory, is_seen_when_it_is_freed)
{
    std::string const text = secrets[1];
    freed_memory const freed{text};
    {
        std::string const forgotten{text};
    }
    EXPECT_EQ(freed.findings(), 1U);
}

TEST(secret_memory, is_wiped_before_it_is_freed)
{
    for (auto const& text : secrets) {
        freed_memory const freed{text};
        {
            secret destroyed{text.c_str()};
            secret copied{destroyed};
            secret moved{std::move(destroyed)};
            EXPECT_TRUE(destroyed.empty()); // NOLINT: that is what is tested
            EXPECT_EQ(moved.reveal(), text);
            EXPECT_EQ(copied, moved);
            copied = secret{std::string{text}};
            copied = "another one that is longer than all of those that were there before it";
            moved = copied;
            moved = std::move(copied);
        }
        EXPECT_EQ(freed.findings(), 0U);
    }
}

// Whether there is a text in the memory of a secret itself.
bool is_in(void const* memory, std::string const& text)
{
    return ::memmem(memory, sizeof(secret), text.data(), text.size()) != nullptr;
}

TEST(secret_memory, that_is_a_secrets_own_is_wiped)
{
    auto const& text = secrets[0];
    alignas(secret) unsigned char memory[sizeof(secret)] = {};
    auto* const tested = new (memory) secret{text.c_str()};
    ASSERT_TRUE(is_in(memory, text)) << "this standard library keeps no short strings in place";
    secret const moved{std::move(*tested)};
    EXPECT_FALSE(is_in(memory, text));
    *tested = moved;
    EXPECT_TRUE(is_in(memory, text));
    *tested = secret{};
    EXPECT_FALSE(is_in(memory, text));
    *tested = moved;
    *tested = *tested; // NOLINT: that is what is tested
    EXPECT_EQ(*tested, moved);
    tested->~secret();
    EXPECT_FALSE(is_in(memory, text));
}

// Gives the same answer to each connection, so many times, and keeps nothing of the requests in
// memory that is freed.
class forgetful_server
{
public:
    forgetful_server(std::string answer, int times) : answer_{std::move(answer)}, times_{times} {}

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void serve()
    {
        for (; times_ != 0; --times_) {
            std::array<char, 4096> request{};
            auto socket = acceptor_.accept();
            std::size_t size = 0;
            while (std::string_view{request.data(), size}.find("\r\n\r\n") ==
                   std::string_view::npos)
                size += socket.read_some(asio::buffer(request) + size);
            asio::write(socket, asio::buffer(answer_));
        }
    }

    std::string const answer_;
    int times_;
    asio::io_context context_;
    asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    std::jthread thread_{[this] { serve(); }};
};

class secret_memory_of_a_client : public client_test
{
};

TEST_F(secret_memory_of_a_client, holds_no_proxy_password_when_it_is_freed)
{
    freed_memory const plain{"a password for the proxy and for nobody else"};
    // Of "user:" and the password.
    freed_memory const encoded{
        "dXNlcjphIHBhc3N3b3JkIGZvciB0aGUgcHJveHkgYW5kIGZvciBub2JvZHkgZWxzZQ=="};
    forgetful_server const proxy{"HTTP/1.1 403 No\r\n\r\n", 1};
    config.proxy = proxy_options::from_url("127.0.0.1:" + std::to_string(proxy.port()));
    config.proxy->user = "user";
    config.proxy->password = "a password for the proxy and for nobody else";
    auto const result = exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
    EXPECT_EQ(result.ec, errc::proxy_refused) << describe_failure(result.ec, result.response);
    destroy_client();
    config = {};
    EXPECT_EQ(plain.findings(), 0U);
    EXPECT_EQ(encoded.findings(), 0U);
}

// Neither with the client nor with a request, whatever becomes of that, is the key left in memory.
TEST_F(secret_memory_of_a_client, holds_no_key_when_it_is_freed)
{
    freed_memory const freed{"sk-a-key-that-is-for-this-server-alone"};
    forgetful_server const refusing{"HTTP/1.1 503 No\r\nConnection: close\r\n\r\n", 12};
    config.base_url = "http://127.0.0.1:" + std::to_string(refusing.port()) + "/v1";
    config.api_key = "sk-a-key-that-is-for-this-server-alone";
    config.retry.max_retries = 11;
    config.retry.initial_delay = config.retry.max_delay = 1ms;
    config.admission.learn = false;
    vidi::request const request{.model = "gpt-5-mini", .input = "?"};
    auto const result = exchange(request);
    EXPECT_EQ(result.ec, errc::server_error) << describe_failure(result.ec, result.response);
    EXPECT_EQ(result.response.exchange.attempts, 12U);
    auto const unfinished = begin(request);
    destroy_client();
    run_until(unfinished);
    config = {};
    EXPECT_EQ(freed.findings(), 0U);
}

TEST(secret_memory, of_a_url_is_wiped)
{
    std::string const url = "http://user:a%20password%20for%20the%20proxy@proxy.example:3128";
    freed_memory const plain{"a password for the proxy"};
    freed_memory const encoded{"password%20for"};
    EXPECT_EQ(proxy_options::from_url(url).password.reveal(), "a password for the proxy");
    EXPECT_EQ(plain.findings(), 0U);
    EXPECT_EQ(encoded.findings(), 0U);
}

} // namespace
} // namespace vidi::testing
