#include "transport/exchange.hpp"

#include "transport/response_parser.hpp"
#include "transport/stopwatch.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>

#include <array>
#include <optional>
#include <tuple>
#include <utility>

namespace vidi::transport {
namespace {

namespace http = boost::beast::http;

// One TLS record.
constexpr std::size_t read_size = std::size_t{16} * 1024;

// More than these, one after the other, keep others waiting.
constexpr unsigned most_reads_in_a_row = 16;

constexpr unsigned most_interim = 100;

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
        field_reader read_field, exchange_info& exchange, stopwatch& watch)
        : operation_{on_behalf_of}, connection_{from}, timeouts_{t}, limits_{l},
          read_field_{read_field}, exchange_{exchange}, watch_{watch}
    {
        parser_.emplace(limits_, read_field_, exchange_);
    }

    bool done() { return parser_->is_done(); }

    // Takes in what has arrived. The error is would_block if more must be waited for. The buffer is
    // on the stack, so that none is held while waiting.
    error_code read_some()
    {
        std::array<char, read_size> buffer;
        error_code ec;
        auto const bytes = connection_.read_some(asio::buffer(buffer), ec);
        if (bytes != 0 && !began_)
            note_first_byte();
        if (ec == asio::error::would_block)
            return ec;
        if (ec)
            return is_end_of_stream(ec) ? on_end(ec) : lost(ec);
        return parse({buffer.data(), bytes});
    }

    // Without waiting: whether all of the response has arrived already.
    bool read_what_has_arrived()
    {
        error_code ec;
        for (unsigned reads = 0; !done() && !ec && reads != most_reads_in_a_row; ++reads)
            ec = read_some();
        return done() && !ec;
    }

    // What it means that reading, or waiting for it, failed.
    error_code lost(error_code ec)
    {
        if (auto const reason = operation_.interruption())
            return *reason;
        exchange_.detail = is_end_of_stream(ec) ? "the server closed the connection" : ec.message();
        if (!began_ && refuses_certificate(ec))
            return errc::tls_handshake_failed;
        return began_ ? errc::connection_closed_within_response
                      : errc::connection_closed_before_response;
    }

    void finish(exchange_result& result)
    {
        exchange_.timings.receive = watch_.lap();
        result.began_to_answer = began_;
        if (!parser_->is_header_done())
            return;
        result.status = parser_->status();
        result.body = std::move(parser_->body());
        result.reusable = !result.failure && result.status >= 200 && parser_->keep_alive() &&
                          parser_->has_clear_length() && unparsed_.empty();
        exchange_.body_bytes = result.body.size();
    }

private:
    void note_first_byte()
    {
        began_ = true;
        exchange_.timings.first_byte = watch_.lap();
    }

    error_code parse(std::string_view arrived)
    {
        if (unparsed_.empty()) {
            auto const ec = put(arrived);
            unparsed_ = arrived;
            return ec ? ec : check_unparsed();
        }
        unparsed_ += arrived;
        std::string_view rest = unparsed_;
        auto const ec = put(rest);
        unparsed_.erase(0, unparsed_.size() - rest.size());
        return ec ? ec : check_unparsed();
    }

    // The parser has a limit for a head, but none for what surrounds the chunks of a body.
    error_code check_unparsed()
    {
        return done() || unparsed_.size() <= limits_.response_head
                   ? error_code{}
                   : refused(http::error::header_limit);
    }

    // Takes what the parser understands off the front of `text`.
    error_code put(std::string_view& text)
    {
        error_code ec;
        while (!text.empty() && !done() && ec != http::error::need_more) {
            bool const in_head = !parser_->is_header_done();
            auto const taken = parser_->put(asio::buffer(text), ec);
            text.remove_prefix(taken);
            if (ec && ec != http::error::need_more)
                return refused(ec);
            if (in_head && (size_of_heads_ += taken) > limits_.response_head)
                return refused(http::error::header_limit);
            if (done() && parser_->is_interim()) {
                if (++interim_ > most_interim)
                    return refused(http::error::header_limit);
                parser_.emplace(limits_, read_field_, exchange_);
            }
        }
        if (parser_->is_header_done() && !done())
            operation_.begin_stage(timeouts_.response_body_idle, errc::response_body_timeout);
        return {};
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

    operation& operation_;
    connection& connection_;
    timeouts const& timeouts_;
    limits const& limits_;
    field_reader read_field_;
    exchange_info& exchange_;
    std::optional<response_parser> parser_;
    std::string unparsed_; // what the parser cannot go on with, or what follows the response
    stopwatch& watch_;
    bool began_ = false;
    unsigned interim_ = 0;
    std::size_t size_of_heads_ = 0; // those of interim responses too
};

} // namespace

task<exchange_result> exchange_messages(
    operation& on_behalf_of, connection& with, std::string_view request, timeouts const& times,
    limits const& bounds, field_reader read_field, exchange_info& exchange)
{
    exchange_result result;
    stopwatch watch;
    error_code write_failure;
    asio::const_buffer unsent = asio::buffer(request);
    while (unsent.size() != 0 && !write_failure) {
        unsent += with.write_some(unsent, write_failure);
        if (write_failure == asio::error::would_block) {
            on_behalf_of.begin_stage(times.write, errc::write_timeout);
            std::tie(write_failure) = co_await with.wait(on_behalf_of);
        }
    }
    exchange.timings.send = watch.lap();
    result.sent = unsent.size() == 0;

    // A server that refuses a request may say so before it has read all of it, and then close; or
    // keep the connection and read no further.
    response_reader reader{on_behalf_of, with, times, bounds, read_field, exchange, watch};
    auto const interruption = on_behalf_of.interruption();
    bool const interrupted = write_failure && interruption;
    if (interrupted && (on_behalf_of.stopped() || !reader.read_what_has_arrived())) {
        on_behalf_of.end_stage();
        exchange.detail.clear();
        result.failure = *interruption;
        co_return result;
    }
    on_behalf_of.begin_stage(times.response_head, errc::response_head_timeout);
    unsigned reads = 0;
    while (!reader.done() && !result.failure) {
        result.failure = reader.read_some();
        if (result.failure == asio::error::would_block) {
            std::tie(result.failure) = co_await with.wait(on_behalf_of);
            if (result.failure)
                result.failure = reader.lost(result.failure);
            reads = 0;
        }
        else if (++reads == most_reads_in_a_row && !reader.done() && !result.failure) {
            co_await asio::post(on_behalf_of.executor(), on_behalf_of.token());
            if (auto const reason = on_behalf_of.interruption())
                result.failure = *reason;
            reads = 0;
        }
    }
    on_behalf_of.end_stage();
    reader.finish(result);
    if (write_failure) {
        result.reusable = false;
        if (result.failure)
            exchange.detail = write_failure.message();
    }
    co_return result;
}

} // namespace vidi::transport
