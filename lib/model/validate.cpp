#include "model/validate.hpp"

#include <vidi/request.hpp>

#include "model/fields.hpp"
#include "model/path.hpp"
#include "model/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cmath>
#include <concepts>
#include <map>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace vidi::model {
namespace {

namespace json = boost::json;

bool has(json::object const& object, json::string_view name)
{
    auto const* value = object.if_contains(name);
    return value && !value->is_null();
}

// Why a structure of this type cannot be sent as it is; empty if it can.
template <class X>
std::string_view complaint_about(X const&)
{
    return {};
}

std::string_view complaint_about(input_image const& image)
{
    int const sources = image.image_url.has_value() + image.file_id.has_value();
    return sources == 1 ? "" : "an image needs exactly one of image_url and file_id";
}

std::string_view complaint_about(input_file const& file)
{
    int const sources =
        file.file_id.has_value() + file.file_url.has_value() + file.file_data.has_value();
    return sources == 1 ? "" : "a file needs exactly one of file_id, file_url and file_data";
}

std::string_view complaint_about(request const& value)
{
    json::object const& additional = value.additional;
    if (value.model.empty() && !value.prompt && !has(additional, "model") &&
        !has(additional, "prompt"))
        return "a request needs a model, or a prompt that supplies it";
    if ((value.conversation || has(additional, "conversation")) &&
        (value.previous_response_id || has(additional, "previous_response_id")))
        return "conversation and previous_response_id exclude each other";
    if (auto const* stream = additional.if_contains("stream"); stream && *stream == true)
        return "stream: a response in one piece cannot be streamed";
    return {};
}

// Walks through everything that is written, and stops at the first thing that cannot be.
class validator
{
public:
    std::string path;
    std::string reason;

    bool check(std::string_view text)
    {
        std::size_t const offset = find_invalid_utf8(text);
        return offset == std::string_view::npos ||
               fail("not valid UTF-8 at byte " + std::to_string(offset));
    }

    bool check(double number)
    {
        return std::isfinite(number) || fail("JSON has no number that is infinite or not a number");
    }

    template <class T>
    requires(std::integral<T> || std::is_enum_v<T>) bool check(T) { return true; }

    template <class T>
    bool check(std::optional<T> const& value)
    {
        return !value || check(*value);
    }

    template <class T>
    bool check(std::vector<T> const& elements)
    {
        return check_elements(elements);
    }

    template <class... Types>
    bool check(std::variant<Types...> const& value)
    {
        return std::visit([this](auto const& held) { return this->check(held); }, value);
    }

    template <class Element>
    bool check(text_or_list<Element> const& value)
    {
        return value.is_text() ? check(value.text()) : check(value.list());
    }

    bool check(std::map<std::string, std::string> const& map) { return check_map(map); }
    bool check(json::object const& object) { return check_map(object); }

    bool check(json::value const& value)
    {
        switch (value.kind()) {
        case json::kind::string:
            return check(std::string_view{value.get_string()});
        case json::kind::double_:
            return check(value.get_double());
        case json::kind::array:
            return check_elements(value.get_array());
        case json::kind::object:
            return check_map(value.get_object());
        default:
            return true;
        }
    }

    template <class X>
    requires requires(X const& x) { x.additional; }
    bool check(X const& x)
    {
        if (std::string_view const complaint = complaint_about(x); !complaint.empty())
            return fail(complaint);
        return check_fields(x, positions_of<X>{}) && check_map(x.additional);
    }

private:
    bool fail(std::string_view why)
    {
        reason = why;
        return false;
    }

    bool within(auto const& step, bool good)
    {
        if (!good)
            prepend_step(path, step);
        return good;
    }

    template <class Elements>
    bool check_elements(Elements const& elements)
    {
        for (std::size_t i = 0; i < elements.size(); ++i)
            if (!check(elements[i]))
                return within(i, false);
        return true;
    }

    template <class Map>
    bool check_map(Map const& map)
    {
        for (auto const& [name, value] : map) {
            if (!check(std::string_view{name}))
                return fail("the name of a member is " + reason);
            if (!check(value))
                return within(std::string_view{name}, false);
        }
        return true;
    }

    template <class X, std::size_t... I>
    bool check_fields(X const& x, std::index_sequence<I...>)
    {
        return (within(field_at<X, I>.name, check(x.*field_at<X, I>.member)) && ...);
    }
};

} // namespace

error_code validate(request const& value, std::string& detail)
{
    validator checker;
    if (checker.check(value))
        return {};
    detail = checker.path.empty() ? checker.reason : checker.path + ": " + checker.reason;
    return errc::invalid_request;
}

} // namespace vidi::model
