#include "part_of_list.hpp"

#include <algorithm>

namespace vidi_tool {

namespace asio = boost::asio;

asio::awaitable<std::optional<listed>> first_of_list::next()
{
    if (left_ == 0)
        co_return std::nullopt;
    --left_;
    co_return co_await all_->next();
}

std::optional<double> first_of_list::expected_rest() const
{
    if (left_ == 0)
        return 0;
    auto const rest = all_->expected_rest();
    return rest ? std::optional{std::min(*rest, static_cast<double>(left_))} : std::nullopt;
}

asio::awaitable<std::optional<listed>> sample_of_list::next()
{
    if (!is_chosen_)
        co_await choose();
    if (stopped_ || chosen_.empty())
        co_return std::nullopt;
    auto first = std::move(chosen_.back());
    chosen_.pop_back();
    co_return first;
}

// Vitter's algorithm R: the n-th stays with a probability of most/n, in place of any other.
asio::awaitable<void> sample_of_list::choose()
{
    std::uint64_t seen = 0;
    while (auto each = co_await all_->next()) {
        ++seen;
        if (chosen_.size() < most_) {
            chosen_.push_back(*std::move(each));
            continue;
        }
        std::uniform_int_distribution<std::uint64_t> any{0, seen - 1};
        if (auto const place = any(random_); place < most_)
            chosen_[static_cast<std::size_t>(place)] = *std::move(each);
    }
    std::ranges::sort(chosen_, std::ranges::greater{}, &listed::number);
    is_chosen_ = true;
}

void sample_of_list::stop()
{
    stopped_ = true;
    all_->stop();
}

std::optional<double> sample_of_list::expected_rest() const
{
    return is_chosen_ ? std::optional{static_cast<double>(chosen_.size())} : std::nullopt;
}

} // namespace vidi_tool
