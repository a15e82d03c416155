#pragma once

#include "console.hpp"

#include <cstdint>
#include <string>

namespace vidi_tool {

/// Tells of bad lines on standard error, up to a number: the records tell of all.
class bad_line_report
{
public:
    void report(console& out, std::uint64_t line, std::string const& reason)
    {
        if (++count_ > most)
            return;
        out.say("vidi batch: line " + std::to_string(line) + ": " + reason);
        if (count_ == most)
            out.say("vidi batch: further bad lines are reported among the results alone");
    }

private:
    static constexpr std::uint64_t most = 20;

    std::uint64_t count_ = 0;
};

} // namespace vidi_tool
