#pragma once

#include <cstddef>
#include <string_view>

namespace vidi_tool {

/// Standard error: messages, and on a terminal one line below them that is redrawn.
class console
{
public:
    console();
    console(console const&) = delete;
    console& operator=(console const&) = delete;
    ~console() { clear(); }

    /// Whether there is a terminal to draw on.
    bool can_draw() const noexcept { return can_draw_; }

    /// The columns of the terminal.
    std::size_t width() const noexcept;

    /// Writes a message, and the line break after it.
    void say(std::string_view message);

    /// Replaces the line.
    void draw(std::string_view line);

    /// Removes the line.
    void clear();

private:
    bool can_draw_;
    bool drawn_ = false;
};

} // namespace vidi_tool
