#pragma once

#include <vidi/testing/emulator.hpp>

#include "tool_process.hpp"

#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vidi_test {

/// A picture of which no two numbers give the same.
std::string numbered_picture(int number);

/// In lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

/// The JSON values of the lines of a text.
std::vector<boost::json::value> parse_lines(std::string_view text);

/// The results of a batch, in the order of the list.
std::vector<boost::json::value> sorted_by_line(std::string_view text);

std::string read_file(std::filesystem::path const& path);
void write_file(std::filesystem::path const& path, std::string_view text);

/// The tool, an emulator over TLS for it to talk to, and a directory.
class tool : public ::testing::Test
{
protected:
    using arguments = std::vector<std::string>;

    explicit tool(vidi::testing::emulator_options options = {});
    ~tool() override;

    /// Settings for a command that talks to the emulator with its key.
    process_settings with_emulator(arguments words) const;

    process_result run(arguments words) const { return run_tool(with_emulator(std::move(words))); }

    /// Adds a numbered picture to the emulator and returns its URL.
    std::string serve(int number);

    /// What the emulator says of a numbered picture if it is asked that.
    static std::string answer(std::string const& prompt, int number);

    std::string path(std::string const& name) const { return (directory_ / name).string(); }

    /// A base URL at which nobody listens.
    std::string unreachable_url();

    /// Waits until so many requests stall.
    void wait_until_stalled(std::size_t count);

    vidi::testing::emulator& server() noexcept { return *server_; }

private:
    std::filesystem::path directory_;
    std::unique_ptr<vidi::testing::emulator> server_;
    open_file bound_;
};

inline constexpr char default_prompt[] = "描述这张图片中的内容";

} // namespace vidi_test
