#include "model/error_body.hpp"

#include "model/decoder.hpp"
#include "model/document.hpp"
#include "model/writer.hpp"

namespace vidi::model {
namespace {

namespace json = boost::json;

std::string as_text(json::value const& value)
{
    std::string text;
    if (value.is_string())
        text = view(value.get_string());
    else
        write_json(text, value);
    return text;
}

json::value const* if_given(json::object const& object, json::string_view name)
{
    auto const* value = object.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
}

response_error read_error(json::value const& source)
{
    response_error error;
    decoder{strictness::lenient}.read(source, error, field_rule::none);
    if (auto const* message = if_given(error.additional, "message"))
        error.message = as_text(*message);
    if (auto const* code = if_given(error.additional, "code"))
        error.code = as_text(*code);
    return error;
}

} // namespace

std::optional<response_error> parse_error_body(std::string_view body)
{
    document text;
    syntax_error ignored;
    auto const* root = text.read(body, ignored);
    if (!root || !root->is_object())
        return std::nullopt;
    auto const* wrapped = if_given(root->get_object(), "error");
    if (!wrapped)
        return read_error(*root);
    if (wrapped->is_object())
        return read_error(*wrapped);
    return response_error{.message = as_text(*wrapped)};
}

} // namespace vidi::model
