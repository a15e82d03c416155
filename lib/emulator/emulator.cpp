#include <vidi/testing/emulator.hpp>

#include "emulator/server.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

namespace vidi::testing {

class emulator::implementation : public emulation::server
{
public:
    using server::server;
};

emulator::emulator(emulator_options options)
    : implementation_{std::make_unique<implementation>(std::move(options))}
{
}

emulator::~emulator() = default;

std::uint16_t emulator::port() const noexcept { return implementation_->port(); }

std::string emulator::base_url() const { return implementation_->origin() + "/v1"; }

std::string emulator::image_url(std::string_view name) const
{
    return implementation_->origin() + std::string(emulation::picture_shelf::path) +
           std::string(name);
}

std::string emulator::ca_certificate_pem() const
{
    return implementation_->own_identity().authority_certificate;
}

std::string emulator::client_certificate_pem() const
{
    return implementation_->own_identity().client.certificate;
}

std::string emulator::client_private_key_pem() const
{
    return implementation_->own_identity().client.private_key;
}

std::string emulator::public_key_pin() const
{
    return implementation_->own_identity().public_key_pin;
}

void emulator::write_ca_certificate(std::string const& path) const
{
    // Who waits for the file must not find half of it.
    auto const temporary = path + ".tmp";
    std::ofstream file{temporary, std::ios::binary | std::ios::trunc};
    file << ca_certificate_pem() << std::flush;
    if (!file || std::rename(temporary.c_str(), path.c_str()) != 0)
        throw std::system_error(errno, std::generic_category(), "cannot write " + path);
}

void emulator::add_image(std::string name, std::string bytes)
{
    implementation_->shelf().add(std::move(name), std::move(bytes));
}

emulator_statistics emulator::statistics() const { return implementation_->log().snapshot(); }

std::vector<exchange_record> emulator::ledger() const { return implementation_->log().ledger(); }

bool emulator::wait_for(
    std::function<bool(emulator_statistics const&)> const& condition,
    std::chrono::milliseconds timeout) const
{
    return implementation_->log().wait_for(condition, timeout);
}

void emulator::release_stalled(std::uint64_t sequence) { implementation_->release(sequence); }

void emulator::release_stalled() { implementation_->release_all(); }

std::size_t emulator::close_idle_connections() { return implementation_->close_idle(); }

std::size_t emulator::send_to_idle_connections(std::string bytes)
{
    return implementation_->send_to_idle(std::move(bytes));
}

void emulator::stop_listening() { implementation_->stop_listening(); }

void emulator::listen() { implementation_->listen(); }

} // namespace vidi::testing
