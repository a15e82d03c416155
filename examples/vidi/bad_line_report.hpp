#pragma once

#include "console.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vidi_tool {

/// Tells of bad lines on standard error, up to a number: the records tell of all.
class bad_line_report
{
public:
    /// @param unit What the number counts, such as `line`.
    void
    report(console& out, std::string_view unit, std::uint64_t number, std::string const& reason)
    {
        if (++count_ > most)
            return;
        out.say("vidi batch: " + std::string{unit} + ' ' + std::to_string(number) + ": " + reason);
        if (count_ == most)
            out.say("vidi batch: further ones are reported among the results alone");
    }

private:
    static constexpr std::uint64_t most = 20;

    std::uint64_t count_ = 0;
};

} // namespace vidi_tool
