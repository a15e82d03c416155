#include "integration/client_fixture.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <filesystem>

namespace vidi::testing {
namespace {

int option(int socket, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(socket, level, name, &value, &size), 0);
    return value;
}

class client_tcp : public client_test
{
protected:
    // The client's end of its connection to the emulator: both are in this process.
    int client_socket() const
    {
        for (auto const& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
            auto const descriptor = std::stoi(entry.path().filename().string());
            sockaddr_in peer{};
            socklen_t size = sizeof peer;
            if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
                peer.sin_family == AF_INET && ntohs(peer.sin_port) == server->port())
                return descriptor;
        }
        ADD_FAILURE() << "the client has no connection";
        return -1;
    }

    int connect()
    {
        destroy_client();
        EXPECT_FALSE(exchange().ec);
        return client_socket();
    }
};

TEST_F(client_tcp, silent_connections_are_probed_within_a_minute)
{
    start();
    auto const socket = connect();
    EXPECT_EQ(option(socket, SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_KEEPIDLE), 45);
    EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_KEEPINTVL), 45);
    EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 180'000);
    EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_NODELAY), 1);
}

TEST_F(client_tcp, probes_come_as_often_as_configured)
{
    start();
    for (auto const interval : {1s, 30s, 32767s}) {
        config.tcp.keep_alive_interval = interval;
        auto const socket = connect();
        EXPECT_EQ(option(socket, SOL_SOCKET, SO_KEEPALIVE), 1);
        EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_KEEPIDLE), interval.count());
        EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_KEEPINTVL), interval.count());
        EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 4000 * interval.count());
    }
}

TEST_F(client_tcp, probes_can_be_left_out)
{
    start();
    config.tcp.keep_alive = false;
    auto const socket = connect();
    EXPECT_EQ(option(socket, SOL_SOCKET, SO_KEEPALIVE), 0);
    EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
    EXPECT_EQ(option(socket, IPPROTO_TCP, TCP_NODELAY), 1);
}

} // namespace
} // namespace vidi::testing
