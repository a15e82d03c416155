#pragma once

#include <cstdio>
#include <string>

namespace vidi::testing {

// What a shell command prints on its standard output; empty if it does not end with 0.
inline std::string output_of(std::string const& command)
{
    std::string text;
    auto* const pipe = ::popen(command.c_str(), "re");
    if (!pipe)
        return text;
    for (int c; (c = std::getc(pipe)) != EOF;)
        text += static_cast<char>(c);
    return ::pclose(pipe) == 0 ? text : std::string{};
}

} // namespace vidi::testing
