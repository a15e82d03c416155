#pragma once

#include "image_list.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vidi_tool {

/// The pictures in a directory and those below it: files whose names end as those of pictures do.
/// Names that begin with a dot are left out, and links to directories not followed. In the order of
/// the names, so that it is the same for the next run. A directory below that cannot be read stands
/// for itself.
class directory_list final : public image_list
{
public:
    /// @throws usage_error It cannot be read.
    directory_list(boost::asio::any_io_executor executor, std::string const& name);

    boost::asio::awaitable<std::optional<listed>> next() override;
    void stop() override { stopped_ = true; }
    std::optional<double> expected_rest() const override;
    std::string_view unit() const override { return "file"; }
    file_identity const& identity() const override { return *identity_; }

private:
    // What is left of one directory, the first name at the back.
    using level = std::vector<std::filesystem::directory_entry>;

    static level read(std::filesystem::path const& directory);
    std::optional<listed> take();

    boost::asio::any_io_executor executor_;
    std::optional<file_identity> identity_;
    std::vector<level> levels_;
    std::uint64_t number_ = 0;
    bool stopped_ = false;
};

} // namespace vidi_tool
