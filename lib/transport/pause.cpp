#include "transport/pause.hpp"

#include "transport/waiter.hpp"

#include <algorithm>
#include <utility>

namespace vidi::transport {
namespace {

// Nobody calls: the time limit of the stage ends the wait.
class nobody final : public waiter
{
public:
    using waiter::waiter;

private:
    bool begin() override { return true; }
    bool give_up() override { return !std::exchange(given_up_, true); }

    bool given_up_ = false;
};

} // namespace

task<void> pause(operation& o, operation::duration time)
{
    nobody caller{o};
    o.begin_stage(std::max(time, operation::duration{1}), {});
    co_await caller.wait();
    o.end_stage();
}

} // namespace vidi::transport
