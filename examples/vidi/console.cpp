#include "console.hpp"

#include "write_all.hpp"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string>

namespace vidi_tool {
namespace {

constexpr std::size_t usual_width = 80;

bool is_drawable(int file)
{
    char const* terminal = ::getenv("TERM");
    return ::isatty(file) == 1 && terminal && std::string_view{terminal} != "dumb";
}

// There is nobody left to tell that standard error cannot be written.
void write_error_stream(std::string_view text) { write_all(STDERR_FILENO, text); }

} // namespace

console::console() : can_draw_{is_drawable(STDERR_FILENO)} {}

std::size_t console::width() const noexcept
{
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return usual_width;
    return size.ws_col;
}

void console::say(std::string_view message)
{
    clear();
    write_error_stream(std::string{message}.append(1, '\n'));
}

void console::draw(std::string_view line)
{
    drawn_ = true;
    write_error_stream(std::string{'\r'}.append(line).append("\x1b[K"));
}

void console::clear()
{
    if (drawn_)
        write_error_stream("\r\x1b[K");
    drawn_ = false;
}

} // namespace vidi_tool
