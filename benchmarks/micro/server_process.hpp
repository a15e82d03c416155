#pragma once

#include <sys/types.h>

#include <string>

namespace vidi_benchmark {

/// answering_server in a process of its own, so that nothing it does is measured: what Valgrind
/// runs, it runs alone. Ends with this object.
class server_process
{
public:
    /// Runs `program --serve`. Throws std::system_error.
    explicit server_process(char const* program);
    server_process(server_process const&) = delete;
    server_process& operator=(server_process const&) = delete;
    ~server_process();

    std::string base_url() const { return "https://127.0.0.1:" + port_ + "/v1"; }
    std::string const& authority() const { return authority_; }

private:
    pid_t process_ = 0;
    int input_ = -1; // the server ends when it is closed
    std::string port_;
    std::string authority_;
};

} // namespace vidi_benchmark
