#include "terminal.hpp"
#include "tool_fixture.hpp"

#include <gmock/gmock.h>

namespace vidi_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using vidi::testing::behaviour;

class progress : public tool
{
protected:
    // The second request stalls.
    progress()
        : tool{{.script = [](vidi::testing::request_view const& request) {
              return request.sequence == 2 ? behaviour::stall() : behaviour{};
          }}}
    {
    }

    process_settings on(terminal const& screen, std::string const& type)
    {
        write_file(path("list"), serve(1) + '\n' + serve(2) + '\n');
        auto settings = with_emulator({"batch", path("list"), "--concurrency", "1"});
        settings.errors = screen.for_program();
        settings.environment["TERM"] = type;
        return settings;
    }
};

TEST_F(progress, is_drawn_on_a_terminal)
{
    terminal screen;
    tool_process process{on(screen, "xterm")};
    screen.read_until("\r[#####-----] 50 % 1 done, 0 failed, 1");
    server().release_stalled();
    auto const text = screen.read_until("2 images: 2 succeeded");
    EXPECT_THAT(text, AllOf(HasSubstr("/s"), HasSubstr(" left\x1b[K")));
    EXPECT_THAT(text, HasSubstr("\r\x1b[Kvidi batch: 2 images: 2 succeeded"));
    EXPECT_EQ(process.finish().status, 0);
}

TEST_F(progress, is_not_drawn_where_it_cannot_be)
{
    terminal screen;
    tool_process process{on(screen, "dumb")};
    wait_until_stalled(1);
    server().release_stalled();
    EXPECT_THAT(screen.read_until("2 images: 2 succeeded"), Not(HasSubstr("in flight")));
    EXPECT_EQ(process.finish().status, 0);
}

TEST_F(progress, is_not_drawn_in_a_file)
{
    terminal const screen;
    auto settings = on(screen, "xterm");
    settings.errors = -1;
    tool_process process{settings};
    wait_until_stalled(1);
    server().release_stalled();
    EXPECT_THAT(process.finish().errors, Not(HasSubstr("in flight")));
}

TEST_F(progress, draws_nothing_into_results_on_the_same_terminal)
{
    terminal screen;
    auto settings = on(screen, "xterm");
    settings.output = screen.for_program();
    tool_process process{settings};
    screen.read_until("\r[#####-----] 50 % 1 done, 0 failed, 1");
    server().release_stalled();
    auto const text = screen.read_until("2 images: 2 succeeded");
    EXPECT_THAT(text, HasSubstr("\r\x1b[K{\"id\":null,\"line\":2,"));
    EXPECT_EQ(process.finish().status, 0);
}

} // namespace
} // namespace vidi_test
