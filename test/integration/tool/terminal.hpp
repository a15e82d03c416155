#pragma once

#include "tool_process.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace vidi_test {

/// A terminal of 80 columns; what is written to it can be read.
class terminal
{
public:
    terminal() : near_{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)}
    {
        if (::grantpt(near_.get()) != 0 || ::unlockpt(near_.get()) != 0)
            throw std::runtime_error("no terminal");
        far_ = open_file{::open(::ptsname(near_.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)};
        winsize size{};
        size.ws_col = 80;
        size.ws_row = 24;
        ::ioctl(far_.get(), TIOCSWINSZ, &size);
    }

    int for_program() const noexcept { return far_.get(); }

    /// Waits until the program has written that, and returns all that it has written.
    std::string read_until(std::string_view wanted)
    {
        while (text_.find(wanted) == std::string::npos) {
            char buffer[4096];
            auto const size = ::read(near_.get(), buffer, sizeof buffer);
            if (size <= 0)
                throw std::runtime_error("the terminal ended: " + text_);
            text_.append(buffer, static_cast<std::size_t>(size));
        }
        return text_;
    }

private:
    open_file near_;
    open_file far_;
    std::string text_;
};

} // namespace vidi_test
