#include "directory_list.hpp"

#include "command.hpp"
#include "last_error.hpp"
#include "printable.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

bool is_picture(fs::path const& name)
{
    constexpr std::array<std::string_view, 5> endings{".gif", ".jpeg", ".jpg", ".png", ".webp"};
    auto ending = name.extension().string();
    std::ranges::transform(ending, ending.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return std::ranges::find(endings, ending) != endings.end();
}

bool is_hidden(fs::path const& name) { return name.filename().native().starts_with('.'); }

bool is_wanted(fs::directory_entry const& entry)
{
    std::error_code ignored;
    if (is_hidden(entry.path()))
        return false;
    if (entry.is_directory(ignored))
        return !entry.is_symlink(ignored);
    return is_picture(entry.path());
}

} // namespace

directory_list::directory_list(asio::any_io_executor executor, std::string const& name)
    : executor_{std::move(executor)}
{
    struct stat status
    {
    };
    if (::stat(name.c_str(), &status) != 0)
        throw usage_error("cannot open " + one_line(name) + ": " + last_error().message());
    identity_.emplace(status);
    try {
        levels_.push_back(read(name));
    }
    catch (std::runtime_error const& error) {
        throw usage_error{error.what()};
    }
}

directory_list::level directory_list::read(fs::path const& directory)
{
    level entries;
    std::error_code failure;
    fs::directory_iterator each{directory, failure};
    while (!failure && each != fs::directory_iterator{}) {
        if (is_wanted(*each))
            entries.push_back(*each);
        each.increment(failure);
    }
    if (failure)
        throw std::runtime_error{
            "cannot read the directory " + one_line(directory.native()) + ": " + failure.message()};
    std::ranges::sort(
        entries, std::ranges::greater{},
        [](auto const& entry) -> auto const& { return entry.path().native(); });
    return entries;
}

// Between two files everything else gets its turn.
asio::awaitable<std::optional<listed>> directory_list::next()
{
    co_await asio::post(executor_, asio::use_awaitable);
    while (!stopped_ && !levels_.empty())
        if (auto taken = take())
            co_return taken;
    co_return std::nullopt;
}

// None if it went up or down.
std::optional<listed> directory_list::take()
{
    if (levels_.back().empty()) {
        levels_.pop_back();
        return std::nullopt;
    }
    auto const entry = std::move(levels_.back().back());
    levels_.back().pop_back();
    listed made{.number = number_ + 1, .what = {}};
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
        try {
            levels_.push_back(read(entry.path()));
            return std::nullopt;
        }
        catch (std::runtime_error const& error) {
            made.what = bad_line{error.what()};
        }
    }
    else if (is_utf8(entry.path().native())) {
        made.what = list_item{.image = entry.path().native()};
    }
    else {
        made.what = bad_line{"its name is not UTF-8: " + one_line(entry.path().native())};
    }
    ++number_;
    return made;
}

std::optional<double> directory_list::expected_rest() const
{
    if (levels_.empty())
        return 0;
    return std::nullopt;
}

} // namespace vidi_tool
