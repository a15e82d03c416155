#include "emulator/rule.hpp"

#include "emulator/api_error.hpp"

#include <algorithm>
#include <memory>

namespace vidi::emulation {
namespace {

namespace json = boost::json;

char const* type_name(json::value const& value)
{
    switch (value.kind()) {
    case json::kind::null:
        return "null";
    case json::kind::bool_:
        return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
        return "an integer";
    case json::kind::double_:
        return "a decimal number";
    case json::kind::string:
        return "a string";
    case json::kind::array:
        return "an array";
    case json::kind::object:
        return "an object";
    }
    return "something else";
}

std::string quoted(std::string_view text)
{
    std::string result("'");
    return result.append(text).append("'");
}

// The whole body has no path.
std::string subject(json_path const& path)
{
    return path.text().empty() ? "The request body" : quoted(path.text());
}

[[noreturn]] void
throw_type(json_path const& path, std::string_view expected, json::value const& value)
{
    throw invalid_request(
        "invalid_type", path.text(),
        subject(path) + " must be " + std::string(expected) + ", but is " + type_name(value) + '.');
}

[[noreturn]] void throw_value(json_path const& path, std::string const& demand)
{
    throw invalid_request("invalid_value", path.text(), subject(path) + ' ' + demand + '.');
}

std::string listing(names const& values)
{
    std::string text;
    for (auto const& value : values)
        text += (text.empty() ? "" : ", ") + quoted(value);
    return text;
}

json::object const& as_object(json::value const& value, json_path const& path)
{
    if (!value.is_object())
        throw_type(path, "an object", value);
    return value.get_object();
}

std::string_view as_string(json::value const& value, json_path const& path)
{
    if (!value.is_string())
        throw_type(path, "a string", value);
    return value.get_string();
}

std::size_t count_characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

[[noreturn]] void throw_missing(json_path const& path)
{
    throw invalid_request(
        "missing_required_parameter", path.text(), quoted(path.text()) + " is required.");
}

void check_known(
    json::object const& value, std::vector<member_rule> const& members, json_path const& path)
{
    for (auto const& [key, ignored] : value) {
        std::string_view const name = key;
        if (std::ranges::find(members, name, &member_rule::name) != members.end())
            continue;
        auto const param = path.member(name).text();
        throw invalid_request(
            "unknown_parameter", param, "There is no parameter " + quoted(param) + '.');
    }
}

bool is_identifier(std::string_view text)
{
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

} // namespace

json_path json_path::member(std::string_view name) const
{
    json_path path;
    path.text_ = text_.empty() ? std::string(name) : text_ + '.' + std::string(name);
    return path;
}

json_path json_path::element(std::size_t index) const
{
    json_path path;
    path.text_ = text_ + '[' + std::to_string(index) + ']';
    return path;
}

rule anything()
{
    return [](json::value const&, json_path const&) {};
}

rule boolean()
{
    return [](json::value const& value, json_path const& path) {
        if (!value.is_bool())
            throw_type(path, "a boolean", value);
    };
}

rule integer(std::int64_t min, std::int64_t max)
{
    return [=](json::value const& value, json_path const& path) {
        if (!value.is_int64() && !value.is_uint64())
            throw_type(path, "an integer", value);
        auto const number = value.is_int64() ? value.get_int64() : max;
        if (number < min)
            throw_value(path, "must be at least " + std::to_string(min));
        if (number > max || value.is_uint64())
            throw_value(path, "must be at most " + std::to_string(max));
    };
}

rule number(double min, double max)
{
    return [=](json::value const& value, json_path const& path) {
        if (!value.is_number())
            throw_type(path, "a number", value);
        auto const number = value.to_number<double>();
        if (!(number >= min && number <= max))
            throw_value(
                path, "must be from " + std::to_string(static_cast<int>(min)) + " to " +
                          std::to_string(static_cast<int>(max)));
    };
}

rule string(std::size_t most)
{
    return [=](json::value const& value, json_path const& path) {
        if (count_characters(as_string(value, path)) > most)
            throw_value(path, "must have at most " + std::to_string(most) + " characters");
    };
}

rule identifier()
{
    return [](json::value const& value, json_path const& path) {
        if (!is_identifier(as_string(value, path)))
            throw_value(path, "must have 1 to 64 letters, digits, underscores and hyphens");
    };
}

rule one_of(names values)
{
    return [values = std::move(values)](json::value const& value, json_path const& path) {
        if (std::ranges::find(values, as_string(value, path)) == values.end())
            throw_value(
                path, "cannot be " + quoted(std::string_view(value.get_string())) +
                          "; it must be one of " + listing(values));
    };
}

rule nullable(rule other)
{
    return [other = std::move(other)](json::value const& value, json_path const& path) {
        if (!value.is_null())
            other(value, path);
    };
}

rule list_of(rule element, std::size_t most)
{
    return [element = std::move(element), most](json::value const& value, json_path const& path) {
        if (!value.is_array())
            throw_type(path, "an array", value);
        auto const& list = value.get_array();
        if (list.size() > most)
            throw_value(path, "must have at most " + std::to_string(most) + " elements");
        for (std::size_t i = 0; i < list.size(); ++i)
            element(list[i], path.element(i));
    };
}

rule map_of(rule check, std::size_t most_pairs, std::size_t longest_key)
{
    return [=](json::value const& value, json_path const& path) {
        auto const& map = as_object(value, path);
        if (map.size() > most_pairs)
            throw_value(path, "must have at most " + std::to_string(most_pairs) + " pairs");
        for (auto const& [key, mapped] : map) {
            if (count_characters(key) > longest_key)
                throw_value(
                    path,
                    "must have keys of at most " + std::to_string(longest_key) + " characters");
            check(mapped, path.member(key));
        }
    };
}

rule object(std::vector<member_rule> members)
{
    return [members = std::move(members)](json::value const& value, json_path const& path) {
        auto const& object = as_object(value, path);
        check_known(object, members, path);
        for (auto const& member : members) {
            if (auto const found = object.if_contains(member.name))
                member.check(*found, path.member(member.name));
            else if (member.required)
                throw_missing(path.member(member.name));
        }
    };
}

rule any_object()
{
    return [](json::value const& value, json_path const& path) { as_object(value, path); };
}

rule tagged(std::string tag, std::vector<named_rule> alternatives)
{
    return [tag = std::move(tag), alternatives = std::move(alternatives)](
               json::value const& value, json_path const& path) {
        auto const& object = as_object(value, path);
        auto const member = path.member(tag);
        auto const found = object.if_contains(tag);
        if (!found)
            throw_missing(member);
        auto const name = as_string(*found, member);
        auto const chosen = std::ranges::find(alternatives, name, &named_rule::name);
        if (chosen == alternatives.end()) {
            names known;
            for (auto const& alternative : alternatives)
                known.push_back(alternative.name);
            one_of(known)(*found, member);
        }
        else
            chosen->check(value, path);
    };
}

rule string_or(rule if_string, rule otherwise)
{
    return [=](json::value const& value, json_path const& path) {
        (value.is_string() ? if_string : otherwise)(value, path);
    };
}

} // namespace vidi::emulation
