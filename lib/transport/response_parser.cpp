#include "transport/response_parser.hpp"

#include <algorithm>

namespace vidi::transport {
namespace {

// A server's word for a length is not enough to take that much memory.
constexpr std::uint64_t most_reserved = std::uint64_t{64} * 1024;

} // namespace

response_parser::response_parser(limits const& bounds, field_reader r, exchange_info& exchange)
    : read_field_{r}, exchange_{exchange}
{
    eager(false);
    header_limit(bounds.response_head);
    body_limit(bounds.response_body);
}

void response_parser::on_response_impl(int status, text, int, error_code&)
{
    status_ = static_cast<unsigned>(status);
}

// Fields after the body are not those of the head (RFC 9110, 6.5.1).
void response_parser::on_field_impl(field which, text name, text value, error_code&)
{
    has_transfer_encoding_ |= which == field::transfer_encoding;
    if (!is_interim() && !is_header_done())
        read_field_(exchange_, {name.data(), name.size()}, {value.data(), value.size()});
}

void response_parser::on_body_init_impl(body_size const& size, error_code&)
{
    if (size)
        body_.reserve(static_cast<std::size_t>(std::min(*size, most_reserved)));
}

std::size_t response_parser::on_body_impl(text part, error_code&)
{
    body_.append(part.data(), part.size());
    return part.size();
}

std::size_t response_parser::on_chunk_body_impl(std::uint64_t, text part, error_code&)
{
    body_.append(part.data(), part.size());
    return part.size();
}

} // namespace vidi::transport
