#pragma once

#include "model/fields.hpp"
#include "model/writer.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
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

/// What a text is written for.
enum class purpose
{
    /// For a server: what the API requires is there, even if the item that is sent back lacked it.
    sending,
    /// To be the same as the text that was read: what was absent stays absent.
    keeping,
};

/// Writes values as JSON text, driven by the field tables.
class encoder
{
public:
    encoder(std::string& out, purpose why) : out_{out}, purpose_{why} {}

    void write(std::string const& text) { write_string(out_, text); }
    void write(std::same_as<bool> auto value) { out_ += value ? "true" : "false"; }
    void write(std::int64_t number) { write_number(out_, number); }
    void write(double number) { write_number(out_, number); }
    void write(timestamp time);
    void write(boost::json::value const& value) { write_json(out_, value); }

    template <class E>
    requires std::is_enum_v<E>
    void write(E value) { write_string(out_, name_of(value)); }

    template <class T>
    void write(std::optional<T> const& value)
    {
        write(*value);
    }

    template <class T>
    void write(std::vector<T> const& elements)
    {
        char before = '[';
        for (T const& element : elements) {
            out_ += std::exchange(before, ',');
            write(element);
        }
        out_ += elements.empty() ? "[]" : "]";
    }

    template <class... Types>
    void write(std::variant<Types...> const& value)
    {
        std::visit([this](auto const& held) { this->write(held); }, value);
    }

    template <class Element>
    void write(text_or_list<Element> const& value)
    {
        if (value.is_text())
            write(value.text());
        else
            write(value.list());
    }

    void write(std::map<std::string, std::string> const& map) { write_map(map); }
    void write(boost::json::object const& object) { write_map(object); }

    template <class X>
    requires requires(X const& x) { x.additional; }
    void write(X const& x)
    {
        object_writer object{out_};
        if constexpr (requires { X::type_name; }) {
            object.name("type");
            write_string(out_, X::type_name);
        }
        for_each_set_field(x, [&](std::string_view name, auto const& value) {
            object.name(name);
            write(value);
        });
        for (auto const& [name, value] : x.additional) {
            if (!is_set(x, name)) {
                object.name(name);
                write(value);
            }
        }
        object.end();
    }

private:
    template <class E>
    static std::string_view name_of(E value)
    {
        for (auto const& [name, candidate] : names_of<E>)
            if (candidate == value)
                return name;
        return {};
    }

    template <class Map>
    void write_map(Map const& map)
    {
        object_writer object{out_};
        for (auto const& [name, value] : map) {
            object.name(name);
            write(value);
        }
        object.end();
    }

    template <class X, class Visit>
    void for_each_set_field(X const& x, Visit visit) const
    {
        [&]<std::size_t... I>(std::index_sequence<I...>)
        {
            ((is_set<I>(x) ? visit(field_at<X, I>.name, x.*field_at<X, I>.member) : void()), ...);
        }
        (positions_of<X>{});
    }

    // Whether a typed member writes the field `name`.
    template <class X>
    bool is_set(X const& x, std::string_view name) const
    {
        if constexpr (requires { X::type_name; })
            if (name == "type")
                return true;
        return [&]<std::size_t... I>(std::index_sequence<I...>)
        {
            return ((name == field_at<X, I>.name && is_set<I>(x)) || ...);
        }
        (positions_of<X>{});
    }

    template <std::size_t I, class X>
    bool is_set(X const& x) const
    {
        constexpr auto const& field = field_at<X, I>;
        auto const& value = x.*field.member;
        if constexpr (requires { value.has_value(); })
            return value.has_value();
        else if constexpr (std::same_as<decltype(value), boost::json::value const&>)
            return !value.is_null();
        else if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(value)>>)
            return !name_of(value).empty();
        else if (purpose_ == purpose::sending)
            return is_sent<field.rule>(value);
        else
            return !is_omitted<I>(x);
    }

    template <field_rule Rule, class T>
    static bool is_sent(T const& value)
    {
        if constexpr (Rule == field_rule::unless_empty)
            return !value.empty();
        else
            return true;
    }

    // Absent in the text that was read, and not set since.
    template <std::size_t I, class X>
    static bool is_omitted(X const& x)
    {
        constexpr auto member = field_at<X, I>.member;
        if constexpr (requires { x.omitted; })
            return x.omitted.contains(I) && x.*member == X{}.*member;
        else
            return false;
    }

    std::string& out_;
    purpose purpose_;
};

// Servers give whole seconds without a fraction.
inline void encoder::write(timestamp time)
{
    double const seconds = time.time_since_epoch().count();
    constexpr double exact_limit = 9007199254740992;
    if (seconds > -exact_limit && seconds < exact_limit && seconds == std::trunc(seconds))
        write_number(out_, static_cast<std::int64_t>(seconds));
    else
        write_number(out_, seconds);
}

} // namespace vidi::model
