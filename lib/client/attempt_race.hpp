#pragma once

#include "admission/admission.hpp"
#include "client/attempt.hpp"
#include "client/client_state.hpp"
#include "transport/waiter.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace vidi {

// Attempts at one request, side by side, for an operation that waits: the first answer decides. An
// attempt that failed so that it could be tried again is no answer while another is under way.
//
// Each runs as an operation of its own. All have ended before the operation goes on.
class attempt_race final : public transport::waiter,
                           public std::enable_shared_from_this<attempt_race>
{
public:
    class runner;
    using text_pointer = std::shared_ptr<detail::request_text const>;

    attempt_race(transport::operation& waiting, std::shared_ptr<client_state>);

    void start(text_pointer, unsigned number, bool reuse);

    // Beside those that run: on another connection, if there may be one more and it is admitted at
    // once.
    bool
    start_beside(text_pointer of_first, unsigned number, admission::lane&, std::uint64_t tokens);

    bool decided() const;

    // Ends what is still under way.
    transport::task<void> end_all();

    // After the end. The attempt that counts is the first of them.
    std::vector<attempt> take_attempts();

private:
    void add(std::shared_ptr<runner> const&);
    void remove_latest();
    bool begin() override;
    bool give_up() override;
    void on_ended(runner&);

    std::shared_ptr<client_state> const shared_;
    mutable transport::optional_mutex mutex_;
    std::vector<std::shared_ptr<runner>> runners_;
    runner const* answered_ = nullptr; // the first that did
    std::size_t running_ = 0;
    bool waiting_ = false;
    bool ending_ = false;
};

} // namespace vidi
