#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vidi_tool {

/// What the user gave cannot be used, and nothing was sent.
class usage_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// Runs a command and returns its exit status. What it throws is reported on standard error.
int run_command(std::string const& name, std::function<int()> const& command);

} // namespace vidi_tool
