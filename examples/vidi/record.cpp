#include "record.hpp"

#include "json_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

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

json::value error_json(vidi::batch::failure const& failure)
{
    json::object error{
        {"kind", failure.kind},
        {"message", failure.message},
        {"http_status", nullptr},
        {"request_id", text_or_null(failure.request_id)},
        {"code", text_or_null(failure.code)}};
    if (failure.http_status != 0)
        error["http_status"] = failure.http_status;
    return error;
}

} // namespace

std::string make_record(vidi::batch::origin const& from, vidi::batch::result const& what)
{
    json::object record{
        {"id", from.id},
        {"line", from.position},
        {"image", text_or_null(from.image)},
        {"status", text_or_null(what.status)},
        {"text", text_or_null(what.text)},
        {"usage", nullptr},
        {"error", nullptr},
        {"attempts", what.attempts},
        {"possibly_billed", what.possibly_billed},
        {"interrupted", what.interrupted},
        {"milliseconds", what.duration.count()}};
    if (what.usage)
        record["usage"] = usage_json(*what.usage);
    if (what.failure)
        record["error"] = error_json(*what.failure);
    return compact_json(record) + '\n';
}

} // namespace vidi_tool
