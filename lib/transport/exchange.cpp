#include "transport/exchange.hpp"

#include "transport/stopwatch.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

namespace vidi::transport {
namespace {

namespace http = boost::beast::http;

// One TLS record, so that a small request leaves in one.
constexpr std::size_t one_write = std::size_t{16} * 1024;
constexpr std::size_t read_size = std::size_t{16} * 1024;

bool is_end_of_stream(error_code ec)
{
    return ec == asio::error::eof || ec == asio::ssl::error::stream_truncated;
}

// Reads the final response to one request.
class response_reader
{
public:
    response_reader(
        operation& on_behalf_of, connection& from, timeouts const& t, limits const& l,
        exchange_info& exchange)
        : operation_{on_behalf_of}, connection_{from}, timeouts_{t}, limits_{l}, exchange_{exchange}
    {
        start_parser();
    }

    task<void> read(exchange_result& result)
    {
        operation_.begin_stage(timeouts_.response_head, errc::response_head_timeout);
        while (!parser_->is_done()) {
            auto const failure = co_await read_more();
            if (failure) {
                result.failure = failure;
                break;
            }
        }
        operation_.end_stage();
        exchange_.timings.receive = watch_.lap();
        finish(result);
    }

private:
    using parser = http::response_parser<http::string_body>;

    void start_parser()
    {
        parser_.emplace();
        parser_->eager(true);
        parser_->header_limit(limits_.response_head);
        parser_->body_limit(limits_.response_body);
    }

    task<error_code> read_more()
    {
        auto& input = connection_.input();
        if (input.size() == 0 || starved_) {
            auto const [ec, bytes] =
                co_await connection_.read_some(operation_, input.prepare(read_size));
            input.commit(bytes);
            if (bytes != 0 && !began_)
                note_first_byte();
            if (ec)
                co_return is_end_of_stream(ec) ? on_end(ec) : lost(ec);
        }
        co_return parse();
    }

    void note_first_byte()
    {
        began_ = true;
        exchange_.timings.first_byte = watch_.lap();
    }

    error_code parse()
    {
        error_code ec;
        auto& input = connection_.input();
        input.consume(parser_->put(input.data(), ec));
        starved_ = ec == http::error::need_more;
        if (ec && !starved_)
            return refused(ec);
        if (parser_->is_done() && is_interim())
            start_parser();
        else if (parser_->is_header_done() && !parser_->is_done())
            operation_.begin_stage(timeouts_.response_body_idle, errc::response_body_timeout);
        return {};
    }

    // 101 would be an answer to a request for another protocol, which is never made.
    bool is_interim() const
    {
        auto const status = parser_->get().result_int();
        return status >= 100 && status < 200 && status != 101;
    }

    error_code refused(error_code ec)
    {
        exchange_.detail = ec.message();
        if (ec == http::error::header_limit)
            return errc::response_head_too_large;
        if (ec == http::error::body_limit)
            return errc::response_body_too_large;
        return errc::malformed_response;
    }

    // The end of the stream ends a body that has no length of its own (RFC 9112, 6.3), unless TLS
    // says that it came too early.
    error_code on_end(error_code end)
    {
        error_code ec;
        bool const bounded_by_end = end == asio::error::eof && parser_->is_header_done() &&
                                    !parser_->chunked() && !parser_->content_length();
        if (bounded_by_end) {
            parser_->put_eof(ec);
            if (!ec)
                return ec;
        }
        return lost(end);
    }

    error_code lost(error_code ec)
    {
        if (auto const reason = operation_.interruption())
            return *reason;
        exchange_.detail = is_end_of_stream(ec) ? "the server closed the connection" : ec.message();
        return began_ ? errc::connection_closed_within_response
                      : errc::connection_closed_before_response;
    }

    void finish(exchange_result& result)
    {
        result.began_to_answer = began_;
        if (!parser_->is_header_done())
            return;
        auto& message = parser_->get();
        result.response.status = message.result_int();
        result.response.body = std::move(message.body());
        result.reusable = !result.failure && message.result_int() >= 200 && parser_->keep_alive() &&
                          connection_.input().size() == 0;
        result.response.fields = std::move(message.base());
        exchange_.body_bytes = result.response.body.size();
    }

    operation& operation_;
    connection& connection_;
    timeouts const& timeouts_;
    limits const& limits_;
    exchange_info& exchange_;
    std::optional<parser> parser_;
    stopwatch watch_;
    bool began_ = false;
    bool starved_ = false; // what is buffered is not enough for the parser to go on
};

task<error_code> write_all(
    operation& on_behalf_of, connection& to, asio::const_buffer buffer, timeouts const& limits)
{
    while (buffer.size() != 0) {
        on_behalf_of.begin_stage(limits.write, errc::write_timeout);
        auto const [ec, bytes] = co_await to.write_some(on_behalf_of, buffer);
        if (ec)
            co_return ec;
        buffer += bytes;
    }
    co_return error_code{};
}

task<error_code> write_request(
    operation& on_behalf_of, connection& to, wire_request const& request, timeouts const& limits)
{
    if (request.head.size() + request.body.size() <= one_write) {
        auto const whole = request.head + request.body;
        co_return co_await write_all(on_behalf_of, to, asio::buffer(whole), limits);
    }
    auto const ec = co_await write_all(on_behalf_of, to, asio::buffer(request.head), limits);
    if (ec)
        co_return ec;
    co_return co_await write_all(on_behalf_of, to, asio::buffer(request.body), limits);
}

} // namespace

task<exchange_result> exchange_messages(
    operation& on_behalf_of, connection& with, wire_request const& request, timeouts const& times,
    limits const& bounds, exchange_info& exchange)
{
    exchange_result result;
    stopwatch watch;
    auto const write_failure = co_await write_request(on_behalf_of, with, request, times);
    exchange.timings.send = watch.lap();
    if (auto const reason = on_behalf_of.interruption(); write_failure && reason) {
        result.failure = *reason;
        co_return result;
    }

    // A server that refuses a request may say so and close before it has read all of it.
    response_reader reader{on_behalf_of, with, times, bounds, exchange};
    co_await reader.read(result);
    if (write_failure) {
        result.reusable = false;
        if (result.failure)
            exchange.detail = write_failure.message();
    }
    co_return result;
}

} // namespace vidi::transport
