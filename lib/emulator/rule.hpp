#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vidi::emulation {

/// Where a value is within the request, like `input[0].content[1].text`.
class json_path
{
public:
    json_path() = default;

    json_path member(std::string_view name) const;
    json_path element(std::size_t index) const;

    std::string const& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// Checks a value and throws `api_error` if it breaks the rule.
using rule = std::function<void(boost::json::value const&, json_path const&)>;

/// One member of an object.
struct member_rule
{
    std::string name;
    rule check;
    bool required = false;
};

struct named_rule
{
    std::string name;
    rule check;
};

using names = std::vector<std::string>;

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

rule anything();
rule boolean();
rule integer(
    std::int64_t min = std::numeric_limits<std::int64_t>::min(),
    std::int64_t max = std::numeric_limits<std::int64_t>::max());
rule number(double min, double max);
/// A string of at most that many characters, that is code points.
rule string(std::size_t most = unlimited);
/// A string of 1 to 64 letters, digits, underscores and hyphens.
rule identifier();
rule one_of(names values);
rule nullable(rule other);
rule list_of(rule element, std::size_t most = unlimited);
rule map_of(rule value, std::size_t most_pairs, std::size_t longest_key);
/// An object with no other members than these.
rule object(std::vector<member_rule> members);
/// An object of any members.
rule any_object();
/// An object whose member `tag` selects the rule.
rule tagged(std::string tag, std::vector<named_rule> alternatives);
/// A string that satisfies the one rule, or a value of another type that satisfies the other.
rule string_or(rule if_string, rule otherwise);

} // namespace vidi::emulation
