#pragma once

#include "model/fields.hpp"
#include "model/path.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace vidi::model {

inline std::string_view view(boost::json::string_view text) noexcept
{
    return {text.data(), text.size()};
}

/// A value of another type than the API specifies.
struct shape_error
{
    /// Like `output[1].content[0].text`.
    std::string path{};
    std::string reason{};
};

/// What became of a JSON value.
enum class outcome
{
    /// The typed member says it all.
    represented,
    /// The typed member cannot hold it: keep the JSON.
    not_represented,
    /// It is wrong where that matters. The error is in the decoder.
    failed,
};

/// Whether the strict fields of the tables are strict.
enum class strictness
{
    as_specified,
    lenient,
};

/// Reads JSON values into typed members, driven by the field tables.
///
/// Each `read` leaves its target as it was unless the value is represented.
class decoder
{
public:
    explicit decoder(strictness how) : strictness_{how} {}

    shape_error error;

    outcome read(boost::json::value const& source, std::string& target, field_rule rule)
    {
        if (!source.is_string())
            return mismatch("a string", source, rule);
        target = view(source.get_string());
        return outcome::represented;
    }

    outcome read(boost::json::value const& source, bool& target, field_rule rule)
    {
        if (!source.is_bool())
            return mismatch("a boolean", source, rule);
        target = source.get_bool();
        return outcome::represented;
    }

    outcome read(boost::json::value const& source, std::int64_t& target, field_rule rule);
    outcome read(boost::json::value const& source, double& target, field_rule rule);
    outcome read(boost::json::value const& source, timestamp& target, field_rule rule);

    outcome read(boost::json::value const& source, boost::json::value& target, field_rule)
    {
        target = source;
        return outcome::represented;
    }

    outcome read(boost::json::value const& source, boost::json::object& target, field_rule rule)
    {
        if (!source.is_object())
            return mismatch("an object", source, rule);
        target = source.get_object();
        return outcome::represented;
    }

    outcome read(
        boost::json::value const& source, std::map<std::string, std::string>& target,
        field_rule rule);

    template <class E>
    requires std::is_enum_v<E>
        outcome read(boost::json::value const& source, E& target, field_rule rule)
    {
        if (!source.is_string())
            return mismatch("a string", source, rule);
        for (auto const& [name, value] : names_of<E>) {
            if (view(source.get_string()) == name) {
                target = value;
                return outcome::represented;
            }
        }
        return outcome::not_represented;
    }

    template <class T>
    outcome read(boost::json::value const& source, std::optional<T>& target, field_rule rule)
    {
        outcome const result = read(source, target.emplace(), rule);
        if (result != outcome::represented)
            target.reset();
        return result;
    }

    template <class T>
    outcome read(boost::json::value const& source, std::vector<T>& target, field_rule rule)
    {
        if (!source.is_array())
            return mismatch("an array", source, rule);
        auto const& array = source.get_array();
        std::vector<T> elements(array.size());
        for (std::size_t i = 0; i < array.size(); ++i) {
            outcome const result = read(array[i], elements[i], rule);
            if (result == outcome::failed)
                return failed_within(i);
            if (result == outcome::not_represented)
                return result;
        }
        target = std::move(elements);
        return outcome::represented;
    }

    template <class Element>
    outcome read(boost::json::value const& source, text_or_list<Element>& target, field_rule rule)
    {
        if (source.is_string()) {
            std::string text;
            outcome const result = read(source, text, rule);
            target = std::move(text);
            return result;
        }
        std::vector<Element> elements;
        outcome const result = read(source, elements, rule);
        if (result == outcome::represented)
            target = std::move(elements);
        return result;
    }

    /// A string goes into an alternative of that type; an object into the alternative whose
    /// `type_name` is its `type`, otherwise into the last one.
    template <class... Types>
    outcome read(boost::json::value const& source, std::variant<Types...>& target, field_rule rule)
    {
        if constexpr ((std::same_as<Types, std::string> || ...))
            if (source.is_string())
                return read(source, target.template emplace<std::string>(), rule);
        if (!source.is_object())
            return mismatch("an object", source, rule);
        std::string type;
        outcome const result = read_type(source.get_object(), type, rule);
        if (result != outcome::represented)
            return result;
        outcome alternative = outcome::not_represented;
        if ((read_if_named<Types>(source, type, target, rule, alternative) || ...))
            return alternative;
        using fallback = std::variant_alternative_t<sizeof...(Types) - 1, std::variant<Types...>>;
        return read(source, target.template emplace<fallback>(), rule);
    }

    template <class X>
    requires requires(X const& x) { x.additional; }
    outcome read(boost::json::value const& source, X& target, field_rule rule)
    {
        if (!source.is_object())
            return mismatch("an object", source, rule);
        return read_members(source.get_object(), target);
    }

private:
    outcome mismatch(std::string_view expected, boost::json::value const& got, field_rule rule);
    outcome mismatch_with(std::string_view expected, std::string_view got, field_rule rule);
    outcome read_type(boost::json::object const& source, std::string& type, field_rule rule);

    outcome failed_within(auto const& step)
    {
        prepend_step(error.path, step);
        return outcome::failed;
    }

    template <class T, class Variant>
    bool read_if_named(
        boost::json::value const& source, std::string_view type, Variant& target, field_rule rule,
        outcome& result)
    {
        if constexpr (requires { T::type_name; }) {
            if (type == T::type_name) {
                result = read(source, target.template emplace<T>(), rule);
                return true;
            }
        }
        return false;
    }

    // Larger objects are not searched member by member, and cost more to begin with.
    static constexpr std::size_t most_reserved = 16;

    template <class X>
    outcome read_members(boost::json::object const& source, X& target)
    {
        std::uint64_t represented = 0;
        for (auto const& member : source) {
            std::string_view const name = view(member.key());
            if constexpr (requires { X::type_name; })
                if (name == "type")
                    continue;
            switch (read_member(name, member.value(), target, represented)) {
            case outcome::represented:
                break;
            case outcome::not_represented:
                if (target.additional.empty())
                    target.additional.reserve(std::min(source.size(), most_reserved));
                target.additional.emplace(name, member.value());
                break;
            case outcome::failed:
                return failed_within(name);
            }
        }
        if constexpr (requires { target.omitted; })
            target.omitted = detail::omitted_members{~represented};
        return outcome::represented;
    }

    template <class X>
    outcome read_member(
        std::string_view name, boost::json::value const& value, X& target,
        std::uint64_t& represented)
    {
        // Absent and null mean the same.
        if (value.is_null())
            return outcome::not_represented;
        outcome result{};
        bool const known = [&]<std::size_t... I>(std::index_sequence<I...>)
        {
            return (
                (is_name<X, I>(name) &&
                 (result = read_field<I>(value, target, represented), true)) ||
                ...);
        }
        (positions_of<X>{});
        return known ? result : outcome::not_represented;
    }

    // With a length that is known when this is compiled, it takes a few instructions.
    template <class X, std::size_t I>
    static bool is_name(std::string_view name)
    {
        constexpr std::string_view known = field_at<X, I>.name;
        return name.size() == known.size() &&
               std::memcmp(name.data(), known.data(), known.size()) == 0;
    }

    template <std::size_t I, class X>
    outcome read_field(boost::json::value const& value, X& target, std::uint64_t& represented)
    {
        static_assert(I < 64, "omitted_members has a bit for each of 64 fields");
        constexpr auto const& field = field_at<X, I>;
        outcome const result = read(value, target.*field.member, field.rule);
        if (result == outcome::represented)
            represented |= std::uint64_t{1} << I;
        return result;
    }

    strictness strictness_;
};

} // namespace vidi::model
