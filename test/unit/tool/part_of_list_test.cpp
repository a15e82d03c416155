#include "part_of_list.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <vector>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using numbers = std::vector<std::uint64_t>;

class numbered_list final : public image_list
{
public:
    explicit numbered_list(std::uint64_t size) : size_{size} {}

    asio::awaitable<std::optional<listed>> next() override
    {
        if (taken_ == size_)
            co_return std::nullopt;
        listed made{.number = ++taken_, .what = {}};
        co_return made;
    }

    void stop() override { size_ = taken_; }
    std::optional<double> expected_rest() const override
    {
        return static_cast<double>(size_ - taken_);
    }
    std::string_view unit() const override { return "line"; }
    file_identity const& identity() const override { return identity_; }

private:
    std::uint64_t size_;
    std::uint64_t taken_ = 0;
    struct stat status_
    {
    };
    file_identity identity_{status_};
};

std::unique_ptr<image_list> list_of(std::uint64_t size)
{
    return std::make_unique<numbered_list>(size);
}

asio::awaitable<void> take_all(image_list& list, numbers& taken)
{
    while (auto const each = co_await list.next())
        taken.push_back(each->number);
}

numbers read(image_list& list)
{
    asio::io_context context;
    numbers taken;
    asio::co_spawn(context, take_all(list, taken), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
    context.run();
    return taken;
}

TEST(first_of_list, gives_no_more_than_asked)
{
    first_of_list three{list_of(5), 3};
    EXPECT_EQ(three.expected_rest(), 3);
    EXPECT_THAT(read(three), ElementsAre(1, 2, 3));
    EXPECT_EQ(three.expected_rest(), 0);
    first_of_list all{list_of(2), 3};
    EXPECT_EQ(all.expected_rest(), 2);
    EXPECT_THAT(read(all), ElementsAre(1, 2));
}

TEST(sample_of_list, is_in_order_and_of_the_list)
{
    sample_of_list sample{list_of(1000), 10, std::mt19937_64{7}};
    EXPECT_EQ(sample.expected_rest(), std::nullopt);
    auto const chosen = read(sample);
    EXPECT_EQ(sample.expected_rest(), 0);
    ASSERT_EQ(chosen.size(), 10U);
    EXPECT_TRUE(std::ranges::is_sorted(chosen, std::ranges::less_equal{}));
    EXPECT_GE(chosen.front(), 1U);
    EXPECT_LE(chosen.back(), 1000U);
}

TEST(sample_of_list, is_all_of_a_short_list)
{
    sample_of_list sample{list_of(3), 10, std::mt19937_64{1}};
    EXPECT_THAT(read(sample), ElementsAre(1, 2, 3));
    sample_of_list nothing{list_of(0), 10, std::mt19937_64{1}};
    EXPECT_THAT(read(nothing), IsEmpty());
}

// Two of five: each in 2,000 of 5,000, with a standard deviation of 35.
TEST(sample_of_list, gives_each_the_same_chance)
{
    std::map<std::uint64_t, int> times;
    for (unsigned seed = 0; seed != 5000; ++seed) {
        sample_of_list sample{list_of(5), 2, std::mt19937_64{seed}};
        for (auto const number : read(sample))
            ++times[number];
    }
    ASSERT_EQ(times.size(), 5U);
    for (auto const& [number, count] : times)
        EXPECT_NEAR(count, 2000, 175) << number;
}

} // namespace
} // namespace vidi_tool
