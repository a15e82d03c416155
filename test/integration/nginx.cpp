#include "nginx.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace vidi::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{60};

[[noreturn]] void fail(char const* what)
{
    throw std::system_error{errno, std::generic_category(), what};
}

// Administrators' programs are not in everyone's PATH.
std::string find_nginx()
{
    char const* const path = std::getenv("PATH"); // NOLINT(concurrency-mt-unsafe): read only
    std::string places = std::string{path ? path : ""} + ":/usr/sbin:/usr/local/sbin:/sbin";
    for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
        end = places.find(':', begin);
        auto file = places.substr(begin, end - begin) + "/nginx";
        if (::access(file.c_str(), X_OK) == 0)
            return file;
    }
    return {};
}

std::string read_file(std::string const& name)
{
    std::ifstream file{name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

bool nginx::is_installed() { return !find_nginx().empty(); }

nginx::nginx(std::string const& server, std::string const& http, identity const& shown)
{
    directory_ = (fs::temp_directory_path() / "vidi-nginx-XXXXXX").string();
    if (!::mkdtemp(directory_.data()))
        fail("mkdtemp");
    try {
        make_certificates();
        int const listener = listen();
        write_configuration(server, http, shown);
        start(listener);
        ::close(listener);
        wait_for("start worker process ");
    }
    catch (...) {
        end();
        throw;
    }
}

nginx::~nginx() { end(); }

void nginx::end() noexcept
{
    if (process_ != -1) {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
    if (messages_ != -1)
        ::close(messages_);
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

void nginx::make_certificates()
{
    std::string const key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";
    std::string const command =
        "cd '" + directory_ + "' && exec 2>openssl.log && openssl req -x509" + key +
        " -subj '/CN=Test authority' -keyout ca.key -out ca.pem && openssl req -x509" + key +
        " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -CA ca.pem -CAkey ca.key"
        " -keyout server.key -out server.pem";
    if (std::system(command.c_str()) != 0) // NOLINT(concurrency-mt-unsafe): no thread yet
        throw std::runtime_error{"openssl: " + read_file(directory_ + "/openssl.log")};
    ca_certificate_pem_ = read_file(directory_ + "/ca.pem");
}

// nginx takes over a listening socket, as it does when its program is replaced by a newer one. So
// the system can choose the port.
int nginx::listen()
{
    int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener == -1 || ::bind(listener, generic, size) != 0 || ::listen(listener, 511) != 0 ||
        ::getsockname(listener, generic, &size) != 0)
        fail("listen");
    port_ = ntohs(address.sin_port);
    return listener;
}

void nginx::write_configuration(
    std::string const& server, std::string const& http, identity const& shown)
{
    std::ofstream file{directory_ + "/nginx.conf"};
    // As root, nginx would serve as somebody who may not read the files.
    if (::geteuid() == 0)
        file << "user root root;\n";
    file << "daemon off;\n"
            "worker_processes 1;\n"
            "pid nginx.pid;\n"
            "error_log stderr notice;\n"
            "events { worker_connections 256; }\n"
            "http {\n"
            "access_log off;\n";
    for (auto const* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        file << kind << "_temp_path " << kind << ";\n";
    file << "types { application/json json; text/html html; }\n"
         << http
         << "server {\n"
            "listen 127.0.0.1:"
         << port_ << " ssl;\nssl_certificate " << shown.certificate_file
         << ";\nssl_certificate_key " << shown.private_key_file << ";\n"
         << server << "}\n}\n";
    file.close();
    if (!file)
        fail("nginx.conf");
}

void nginx::start(int listener)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("pipe");
    messages_ = ends[0];
    auto const program = find_nginx();
    auto const configuration = directory_ + "/nginx.conf";
    auto const prefix = directory_ + '/';
    auto const inherited = std::to_string(listener) + ';';
    process_ = ::fork();
    if (process_ == 0) {
        // It ends with the test, however that ends.
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        ::dup2(ends[1], STDERR_FILENO);
        ::setenv("NGINX", inherited.c_str(), 1); // NOLINT(concurrency-mt-unsafe): own process
        ::execl(
            program.c_str(), program.c_str(), "-p", prefix.c_str(), "-c", configuration.c_str(),
            "-e", "stderr", nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    if (process_ == -1)
        fail("fork");
}

void nginx::reload()
{
    ::kill(process_, SIGHUP);
    wait_for(" exited with code 0");
}

void nginx::wait_for(std::string const& text)
{
    auto const deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (auto const found = unread_.find(text); found != std::string::npos) {
            unread_.erase(0, found + text.size());
            return;
        }
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd readable{messages_, POLLIN, 0};
        std::array<char, 4096> part{};
        ssize_t size = 0;
        if (left.count() > 0 && ::poll(&readable, 1, static_cast<int>(left.count())) == 1)
            size = ::read(messages_, part.data(), part.size());
        if (size <= 0)
            throw std::runtime_error{"nginx does not say \"" + text + "\": " + unread_};
        unread_.append(part.data(), static_cast<std::size_t>(size));
    }
}

} // namespace vidi::testing
