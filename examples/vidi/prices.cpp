#include "prices.hpp"

#include "command.hpp"
#include "printable.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace vidi_tool {
namespace {

namespace json = boost::json;

constexpr std::string_view currency_member = "currency";
// What follows a model's name in that of a snapshot, with a 0 for any digit.
constexpr std::string_view snapshot_date = "-0000-00-00";

double number_of(json::object const& price, std::string_view name, std::string const& model)
{
    auto const value = price.if_contains(name);
    if (value && value->is_number() && value->to_number<double>() >= 0)
        return value->to_number<double>();
    throw usage_error(
        "the price of " + model + " has no \"" + std::string{name} + "\" that is a number");
}

token_price parse_price(std::string const& model, json::value const& value)
{
    auto const price = value.if_object();
    if (!price)
        throw usage_error(
            "the price of " + model + R"( is not {"input": NUMBER, "output": NUMBER})");
    return {
        .input = number_of(*price, "input", model), .output = number_of(*price, "output", model)};
}

json::object parse_object(std::string_view text)
{
    boost::system::error_code failure;
    auto value = json::parse(text, failure);
    if (failure || !value.is_object())
        throw usage_error("the prices are not an object of JSON");
    return std::move(value.get_object());
}

bool is_snapshot_date(std::string_view text)
{
    auto const fits = [](char c, char in_pattern) {
        return in_pattern == '-' ? c == '-' : c >= '0' && c <= '9';
    };
    return std::ranges::equal(text, snapshot_date, fits);
}

} // namespace

double token_price::cost(std::int64_t input_tokens, std::int64_t output_tokens) const noexcept
{
    return (static_cast<double>(input_tokens) * input +
            static_cast<double>(output_tokens) * output) /
           1e6;
}

std::optional<token_price> price_list::find(std::string_view model) const
{
    if (auto const found = models.find(model); found != models.end())
        return found->second;
    auto const date = model.size() - std::min(model.size(), snapshot_date.size());
    if (!is_snapshot_date(model.substr(date)))
        return std::nullopt;
    auto const found = models.find(model.substr(0, date));
    return found == models.end() ? std::nullopt : std::optional{found->second};
}

price_list parse_prices(std::string_view text)
{
    price_list result;
    for (auto const& [name, value] : parse_object(text)) {
        if (name == currency_member && value.is_string())
            result.currency = value.get_string();
        else
            result.models.emplace(name, parse_price(one_line(name), value));
    }
    return result;
}

price_list read_price_list(std::string const& name)
{
    std::ifstream file{name, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file)
        throw usage_error("cannot read " + one_line(name));
    return parse_prices(text);
}

} // namespace vidi_tool
