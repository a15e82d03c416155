#include "record.hpp"

#include "json_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <chrono>

namespace vidi_tool {
namespace {

namespace json = boost::json;

json::value usage_json(vidi::usage const& usage)
{
    json::object input;
    json::object output;
    input["cached_tokens"] = usage.input_tokens_details.cached_tokens;
    output["reasoning_tokens"] = usage.output_tokens_details.reasoning_tokens;
    return {
        {"input_tokens", usage.input_tokens},
        {"input_tokens_details", std::move(input)},
        {"output_tokens", usage.output_tokens},
        {"output_tokens_details", std::move(output)},
        {"total_tokens", usage.total_tokens}};
}

json::value error_json(problem const& failure, vidi::response const* response)
{
    json::object error{
        {"kind", failure.kind},
        {"message", failure.message},
        {"http_status", nullptr},
        {"request_id", nullptr},
        {"code", nullptr}};
    if (response) {
        auto const& exchange = response->exchange;
        if (exchange.http_status != 0)
            error["http_status"] = exchange.http_status;
        error["request_id"] = text_or_null(exchange.request_id);
        if (response->error)
            error["code"] = text_or_null(response->error->code.value_or(""));
    }
    return error;
}

std::int64_t milliseconds(vidi::exchange_timings::duration time)
{
    return std::chrono::round<std::chrono::milliseconds>(time).count();
}

} // namespace

std::string make_record(record_origin const& origin, outcome const& result)
{
    auto const response = result.response ? &*result.response : nullptr;
    json::object record{{"id", origin.id},
                        {"line", origin.line},
                        {"image", text_or_null(origin.image.value_or(""))},
                        {"status", nullptr},
                        {"text", nullptr},
                        {"usage", nullptr},
                        {"error", nullptr},
                        {"attempts", nullptr},
                        {"possibly_billed", nullptr},
                        {"milliseconds", nullptr}};
    if (result.failure)
        record["error"] = error_json(*result.failure, response);
    if (response) {
        record["status"] = text_or_null(status_name(*response));
        record["text"] = text_or_null(response->output_text());
        if (response->usage)
            record["usage"] = usage_json(*response->usage);
        record["attempts"] = response->exchange.attempts;
        record["possibly_billed"] = response->exchange.possibly_billed;
        record["milliseconds"] = milliseconds(response->exchange.timings.total);
    }
    return compact_json(record) + '\n';
}

} // namespace vidi_tool
