#pragma once

#include <vidi/batch/source.hpp>

#include "image_list.hpp"
#include "request_settings.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace vidi_tool {

/// The questions about the images of a list.
class list_source final : public vidi::batch::source
{
public:
    /// Called with the number of what cannot be used, and why.
    using complaint = std::function<void(std::uint64_t number, std::string const& reason)>;

    list_source(image_list& list, request_settings const& settings, complaint complain)
        : list_{list}, settings_{settings}, complain_{std::move(complain)}
    {
    }

    boost::asio::awaitable<std::optional<vidi::batch::item>> next() override;
    void stop() override { list_.stop(); }

    /// Items handed out.
    std::uint64_t count() const noexcept { return count_; }

    /// The number of the last of them; 0 before the first.
    std::uint64_t last_number() const noexcept { return last_number_; }

private:
    vidi::batch::item make_item(list_item from) const;

    image_list& list_;
    request_settings const& settings_;
    complaint complain_;
    std::uint64_t count_ = 0;
    std::uint64_t last_number_ = 0;
};

} // namespace vidi_tool
