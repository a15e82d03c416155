#pragma once

#include "image_list.hpp"

#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace vidi_tool {

/// The first images of a list alone.
class first_of_list final : public image_list
{
public:
    first_of_list(std::unique_ptr<image_list> all, std::uint64_t most)
        : all_{std::move(all)}, left_{most}
    {
    }

    boost::asio::awaitable<std::optional<listed>> next() override;
    void stop() override { all_->stop(); }
    std::optional<double> expected_rest() const override;
    std::string_view unit() const override { return all_->unit(); }
    file_identity const& identity() const override { return all_->identity(); }

private:
    std::unique_ptr<image_list> all_;
    std::uint64_t left_;
};

/// Some images of a list, of which each has the same chance, in the order of the list. Reads the
/// whole list before it gives the first; only these are in memory.
class sample_of_list final : public image_list
{
public:
    sample_of_list(std::unique_ptr<image_list> all, std::size_t most, std::mt19937_64 random)
        : all_{std::move(all)}, most_{most}, random_{std::move(random)}
    {
    }

    boost::asio::awaitable<std::optional<listed>> next() override;
    void stop() override;
    std::optional<double> expected_rest() const override;
    std::string_view unit() const override { return all_->unit(); }
    file_identity const& identity() const override { return all_->identity(); }

private:
    boost::asio::awaitable<void> choose();

    std::unique_ptr<image_list> all_;
    std::size_t most_;
    std::mt19937_64 random_;
    // The next at the back.
    std::vector<listed> chosen_;
    bool is_chosen_ = false;
    bool stopped_ = false;
};

} // namespace vidi_tool
