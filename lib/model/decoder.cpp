#include "model/decoder.hpp"

#include "model/writer.hpp"

#include <cmath>

namespace vidi::model {
namespace {

namespace json = boost::json;

// As many digits as a double has: whole numbers up to here are the same as a double.
constexpr std::int64_t exact_limit = std::int64_t{1} << 53;

std::string_view kind_name(json::kind kind)
{
    switch (kind) {
    case json::kind::null:
        return "null";
    case json::kind::bool_:
        return "a boolean";
    case json::kind::string:
        return "a string";
    case json::kind::array:
        return "an array";
    case json::kind::object:
        return "an object";
    default:
        return "a number";
    }
}

} // namespace

outcome decoder::read(json::value const& source, std::int64_t& target, field_rule rule)
{
    // From here on, upwards and downwards, a double is no 64-bit integer.
    constexpr double limit = 9223372036854775808.0;

    if (auto const* number = source.if_int64()) {
        target = *number;
        return outcome::represented;
    }
    if (auto const* number = source.if_double()) {
        if (*number >= -limit && *number < limit && *number == std::trunc(*number)) {
            target = static_cast<std::int64_t>(*number);
            return outcome::represented;
        }
    }
    if (!source.is_number())
        return mismatch("an integer", source, rule);
    std::string number;
    write_json(number, source);
    return mismatch_with("an integer of 64 bits", number, rule);
}

outcome decoder::read(json::value const& source, double& target, field_rule rule)
{
    if (auto const* number = source.if_double(); number && std::isfinite(*number)) {
        target = *number;
        return outcome::represented;
    }
    auto const* number = source.if_int64();
    if (number && *number >= -exact_limit && *number <= exact_limit) {
        target = static_cast<double>(*number);
        return outcome::represented;
    }
    return mismatch("a number", source, rule);
}

outcome decoder::read(json::value const& source, timestamp& target, field_rule rule)
{
    double seconds = 0;
    outcome const result = read(source, seconds, rule);
    if (result == outcome::represented)
        target = timestamp{timestamp::duration{seconds}};
    return result;
}

outcome decoder::read(
    json::value const& source, std::map<std::string, std::string>& target, field_rule rule)
{
    if (!source.is_object())
        return mismatch("an object", source, rule);
    std::map<std::string, std::string> map;
    for (auto const& [name, value] : source.get_object()) {
        outcome const result = read(value, map[std::string{view(name)}], rule);
        if (result == outcome::failed)
            return failed_within(view(name));
        if (result == outcome::not_represented)
            return result;
    }
    target = std::move(map);
    return outcome::represented;
}

outcome decoder::read_type(json::object const& source, std::string& type, field_rule rule)
{
    auto const* value = source.if_contains("type");
    outcome const result =
        value ? read(*value, type, rule) : mismatch_with("a string", "nothing", rule);
    return result == outcome::failed ? failed_within("type") : result;
}

outcome decoder::mismatch(std::string_view expected, json::value const& got, field_rule rule)
{
    return mismatch_with(expected, kind_name(got.kind()), rule);
}

outcome decoder::mismatch_with(std::string_view expected, std::string_view got, field_rule rule)
{
    if (rule != field_rule::strict || strictness_ == strictness::lenient)
        return outcome::not_represented;
    error.reason.append("expected ").append(expected).append(", got ").append(got);
    return outcome::failed;
}

} // namespace vidi::model
