#include "protocol/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace vidi::protocol {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> days{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                               "Friday", "Saturday", "Sunday"};
constexpr std::size_t short_length = 3;

struct date_and_time
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

// Takes a date apart from the left. Once something did not match, nothing matches.
class reader
{
public:
    explicit reader(std::string_view text) noexcept : text_{text} {}

    void literal(std::string_view expected) noexcept
    {
        if (text_.starts_with(expected))
            text_.remove_prefix(expected.size());
        else
            good_ = false;
    }

    template <class Number>
    void digits(std::size_t count, Number& to) noexcept
    {
        auto const part = text_.substr(0, count);
        bool const all = part.size() == count &&
                         std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
        if (!all)
            good_ = false;
        else
            std::from_chars(part.data(), part.data() + count, to);
        text_.remove_prefix(part.size());
    }

    // asctime() fills up a day of one digit with a space.
    void padded_day(unsigned& to) noexcept
    {
        bool const one_digit = text_.starts_with(' ');
        if (one_digit)
            text_.remove_prefix(1);
        digits(one_digit ? 1 : 2, to);
    }

    void month(unsigned& to) noexcept
    {
        auto const found = std::ranges::find(months, text_.substr(0, short_length));
        if (found == months.end())
            good_ = false;
        else
            to = static_cast<unsigned>(found - months.begin()) + 1;
        text_.remove_prefix(std::min(text_.size(), short_length));
    }

    void time(date_and_time& to) noexcept
    {
        digits(2, to.hour);
        literal(":");
        digits(2, to.minute);
        literal(":");
        digits(2, to.second);
    }

    bool at_end() const noexcept { return good_ && text_.empty(); }

private:
    std::string_view text_;
    bool good_ = true;
};

std::optional<date_and_time>
parse_day_first(std::string_view text, std::string_view separator, std::size_t year_digits) noexcept
{
    reader from{text};
    date_and_time result;
    from.literal(", ");
    from.digits(2, result.day);
    from.literal(separator);
    from.month(result.month);
    from.literal(separator);
    from.digits(year_digits, result.year);
    from.literal(" ");
    from.time(result);
    from.literal(" GMT");
    return from.at_end() ? std::optional{result} : std::nullopt;
}

std::optional<date_and_time> parse_fixdate(std::string_view text) noexcept
{
    return parse_day_first(text, " ", 4);
}

std::optional<date_and_time> parse_rfc850(std::string_view text) noexcept
{
    auto result = parse_day_first(text, "-", 2);
    if (result)
        result->year += result->year < 70 ? 2000 : 1900;
    return result;
}

std::optional<date_and_time> parse_asctime(std::string_view text) noexcept
{
    reader from{text};
    date_and_time result;
    from.literal(" ");
    from.month(result.month);
    from.literal(" ");
    from.padded_day(result.day);
    from.literal(" ");
    from.time(result);
    from.literal(" ");
    from.digits(4, result.year);
    return from.at_end() ? std::optional{result} : std::nullopt;
}

// A second of 60 is a leap second.
bool is_time(date_and_time const& t) noexcept
{
    return t.hour <= 23 && t.minute <= 59 && t.second <= 60;
}

std::optional<chrono::sys_seconds> to_time_point(date_and_time const& t) noexcept
{
    chrono::year_month_day const date{
        chrono::year{t.year}, chrono::month{t.month}, chrono::day{t.day}};
    if (!date.ok() || !is_time(t))
        return {};
    return chrono::sys_days{date} + chrono::hours{t.hour} + chrono::minutes{t.minute} +
           chrono::seconds{t.second};
}

std::optional<date_and_time> parse(std::string_view text) noexcept
{
    for (auto const day : days) {
        if (text.starts_with(day))
            return parse_rfc850(text.substr(day.size()));
        if (text.starts_with(day.substr(0, short_length))) {
            auto const rest = text.substr(short_length);
            return rest.starts_with(',') ? parse_fixdate(rest) : parse_asctime(rest);
        }
    }
    return {};
}

} // namespace

std::optional<chrono::sys_seconds> parse_http_date(std::string_view text) noexcept
{
    auto const parsed = parse(text);
    return parsed ? to_time_point(*parsed) : std::nullopt;
}

} // namespace vidi::protocol
