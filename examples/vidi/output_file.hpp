#pragma once

#include "descriptor.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace vidi_tool {

/// A file that is written from its beginning to its end. Unless close() was called, it is removed
/// again, so that no half of it is taken for the whole.
class output_file
{
public:
    /// @param inputs Files that must not be overwritten in any case.
    /// @throws usage_error It cannot be opened, exists already and may not be overwritten, or is
    /// one of the inputs.
    output_file(
        std::string const& name, bool overwrite, std::span<std::filesystem::path const> inputs);
    output_file(output_file const&) = delete;
    output_file& operator=(output_file const&) = delete;
    ~output_file();

    /// @throws boost::system::system_error
    void write(std::string_view bytes);

    /// Makes sure that all is written. @throws boost::system::system_error
    void close();

private:
    void flush();
    void remove() noexcept;

    std::string name_;
    descriptor file_;
    std::string buffer_;
    bool is_regular_ = false;
};

} // namespace vidi_tool
