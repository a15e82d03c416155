#include "counted.hpp"
#include "protocol/endpoint.hpp"
#include "protocol/request_head.hpp"
#include "protocol/response_head.hpp"
#include "samples.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <stdexcept>

namespace vidi_benchmark {
namespace {

namespace http = boost::beast::http;
using response_parser = http::response_parser<http::string_body>;

void parse(response_parser& parser, std::string const& message)
{
    vidi::error_code ec;
    parser.eager(true);
    parser.put(boost::asio::buffer(message), ec);
    if (ec || !parser.is_done())
        throw std::logic_error{"the sample is no complete response"};
}

void make_request(benchmark::State& state)
{
    auto const config = vidi::client_config::openai("sk-0123456789012345678901234567890123456789");
    vidi::error_code ec;
    std::string detail;
    auto const endpoint = vidi::protocol::parse_endpoint(config, ec, detail);
    auto const prefix = vidi::protocol::make_head_prefix(config, endpoint, ec, detail);
    std::string const body(500, 'x');
    run_counted(state, [&] {
        return vidi::protocol::make_request(prefix.reveal(), "vidi-0123456789abcdef-1234567", body);
    });
}

// Head and body, as the transport has them parsed.
void parse_http_response(benchmark::State& state)
{
    auto const message = http_answer(gateway_answer());
    run_counted(state, [&] {
        response_parser parser;
        parse(parser, message);
        return parser.get().result_int();
    });
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(message.size()));
}

void read_headers(benchmark::State& state)
{
    response_parser parser;
    parse(parser, http_answer(gateway_answer()));
    auto const& fields = parser.get();
    run_counted(state, [&] {
        vidi::exchange_info exchange;
        for (auto const& field : fields)
            vidi::protocol::read_header(exchange, field.name_string(), field.value());
        return exchange.rate_limit.remaining_tokens;
    });
}

BENCHMARK(make_request);
BENCHMARK(parse_http_response);
BENCHMARK(read_headers);

} // namespace
} // namespace vidi_benchmark
