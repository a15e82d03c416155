#include "transport/tunnel.hpp"

#include "protocol/connect_method.hpp"
#include "transport/tls_context.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <tuple>

namespace vidi::transport {
namespace {

// What a proxy that ends the connection has to say of the origin is that it did not get there;
// unless what it does not like is this side's certificate.
error_code lost(operation const& on_behalf_of, error_code ec, std::string& detail)
{
    if (auto const reason = on_behalf_of.interruption()) {
        detail = "it did not answer CONNECT";
        return *reason;
    }
    if (refuses_certificate(ec)) {
        detail = ec.message();
        return errc::tls_handshake_failed;
    }
    detail = "it closed the connection instead of answering CONNECT: " + ec.message();
    return errc::connect_failed;
}

// The error is would_block if more must be waited for. The buffer is on the stack, so that none is
// held while waiting.
error_code read_some(connection& from, std::string& arrived, std::size_t most)
{
    std::array<char, 4096> buffer;
    error_code ec;
    auto const room = std::min(buffer.size(), most - arrived.size());
    arrived.append(buffer.data(), from.read_some(asio::buffer(buffer.data(), room), ec));
    return ec;
}

} // namespace

task<error_code> open_tunnel(
    operation& on_behalf_of, connection& through, protocol::origin const& to,
    secret const& proxy_authorization, std::size_t longest_answer, std::string& detail)
{
    error_code write_failure;
    auto const request = protocol::make_connect_request(to, proxy_authorization);
    asio::const_buffer unsent = asio::buffer(request.reveal());
    while (unsent.size() != 0 && !write_failure) {
        unsent += through.write_some(unsent, write_failure);
        if (write_failure == asio::error::would_block)
            std::tie(write_failure) = co_await through.wait(on_behalf_of);
    }

    // A proxy that has closed the connection may have said why.
    error_code ec;
    std::string arrived;
    std::optional<protocol::connect_answer> answer;
    while (!answer && !ec) {
        if (arrived.size() == longest_answer) {
            detail = "its answer to CONNECT is too large";
            co_return errc::proxy_refused;
        }
        ec = read_some(through, arrived, longest_answer);
        if (!ec)
            answer = protocol::read_connect_answer(arrived);
        if (ec == asio::error::would_block)
            std::tie(ec) = co_await through.wait(on_behalf_of);
    }
    if (ec)
        co_return lost(on_behalf_of, ec, detail);
    detail = std::move(answer->detail);
    co_return answer->failure;
}

} // namespace vidi::transport
