#include <vidi/json.hpp>
#include <vidi/response.hpp>

#include "model/decoder.hpp"
#include "model/document.hpp"

#include <boost/system/system_error.hpp>

#include <utility>

namespace vidi {
namespace {

parse_error not_json(model::syntax_error const& error)
{
    return {
        .code = errc::response_not_json,
        .offset = error.offset,
        .message = error.reason + ", at byte " + std::to_string(error.offset)};
}

parse_error wrong_shape(model::shape_error error)
{
    std::string message = error.path.empty() ? error.reason : error.path + ": " + error.reason;
    return {
        .code = errc::response_wrong_shape,
        .path = std::move(error.path),
        .message = std::move(message)};
}

// Almost everything may be missing, but something has to say that it is a response.
bool is_response(boost::json::object const& object)
{
    auto const has = [&](char const* name) {
        auto const* value = object.if_contains(name);
        return value && !value->is_null();
    };
    return has("id") || has("output") || has("error");
}

} // namespace

response parse_response(std::string_view text, parse_error& error)
{
    error = {};
    model::document document;
    model::syntax_error syntax;
    auto const* root = document.read(text, syntax);
    if (!root) {
        error = not_json(syntax);
        return {};
    }

    response result;
    model::decoder decoder{model::strictness::as_specified};
    if (decoder.read(*root, result, model::strict) == model::outcome::failed) {
        error = wrong_shape(std::move(decoder.error));
        return {};
    }
    if (!is_response(root->get_object())) {
        error = wrong_shape({{}, "not a response object: it has no id, no output and no error"});
        return {};
    }
    return result;
}

response parse_response(std::string_view text)
{
    parse_error error;
    response result = parse_response(text, error);
    if (error.code)
        throw boost::system::system_error(error.code, error.message);
    return result;
}

} // namespace vidi
