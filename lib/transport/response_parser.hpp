#pragma once

#include <vidi/exchange_info.hpp>

#include "transport/exchange.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <string>

namespace vidi::transport {

// Reads one message of a response. Its fields go to whoever reads them, none is kept. A call of
// put() takes nothing of the body along with the head.
//
// It bounds what it cannot take in yet. How much it has taken in is for its user to count.
class response_parser final : public boost::beast::http::basic_parser<false>
{
public:
    response_parser(limits const&, field_reader, exchange_info&);

    unsigned status() const noexcept { return status_; }

    // RFC 9110, 15.2. 101 would be an answer to a request for another protocol, which is never
    // made.
    bool is_interim() const noexcept { return status_ < 200 && status_ != 101; }

    // RFC 9112, 6.3: where a transfer coding that is not chunked stands beside a length, it is not
    // sure where the message ends.
    bool has_clear_length() const { return chunked() || !has_transfer_encoding_; }

    std::string& body() noexcept { return body_; }

private:
    using text = boost::beast::string_view;
    using verb = boost::beast::http::verb;
    using field = boost::beast::http::field;
    using body_size = boost::optional<std::uint64_t>;

    void on_request_impl(verb, text, text, int, error_code&) override {}
    void on_response_impl(int status, text, int, error_code&) override;
    void on_field_impl(field, text name, text value, error_code&) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(body_size const&, error_code&) override;
    std::size_t on_body_impl(text, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text, error_code&) override;
    void on_finish_impl(error_code&) override {}

    field_reader read_field_;
    exchange_info& exchange_;
    unsigned status_ = 0;
    bool has_transfer_encoding_ = false;
    std::string body_;
};

} // namespace vidi::transport
