// Leads the real names of Xbox Live to the gate of a test run, in a Node program that a test has started (HOST-2).
// Every client of Node's, such as fetch, https, ws or axios, ends in the two functions that are replaced here.
'use strict'
const fs = require('node:fs')
const net = require('node:net')
const tls = require('node:tls')

const XBOX_LIVE = /\.(xboxlive|live)\.com\.?$/i
const OWN = /^(.+\.)?localhost(6?\.localdomain6?)?$|^localhost6$|^ip6-(localhost|loopback)$|^127(\.\d{1,3}){3}$|^\[?::1\]?$|^\[?::\]?$|^0\.0\.0\.0$|^::ffff:127\./i
const PORTS = [80, 443]

if (process.env.PYTEST_XBL_GATE) lead(new URL(process.env.PYTEST_XBL_GATE))

function lead (url) {
  const gate = { host: url.hostname, port: Number(url.port) }
  const authority = fs.readFileSync(process.env.PYTEST_XBL_CA, 'utf8')
  const allowed = (process.env.PYTEST_XBL_ALLOW_HOSTS || '').split(',').filter(Boolean)
  const own = require('node:os').hostname().toLowerCase()
  const connectSocket = net.Socket.prototype.connect
  const connectTls = tls.connect

  function mayReach (host) {
    const name = host.toLowerCase().replace(/\.$/, '')
    return OWN.test(name) || name === own || allowed.some(one => name === one || name.endsWith('.' + one))
  }

  // The gate refuses, so that the test hears of it, and only then does the client.
  function refuse (socket, host, port) {
    const named = host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`
    const asked = new net.Socket()
    let answer = ''
    socket.connecting = true
    asked.on('data', part => { answer += part })
    asked.on('error', () => {})
    asked.on('close', () => {
      const [line] = answer.split('\r\n')
      const text = line.split(' ').slice(2).join(' ') || `pytest-xbl: a test may not reach ${named}`
      socket.destroy(Object.assign(new Error(text), { code: 'EACCES', syscall: 'connect' }))
    })
    connectSocket.call(asked, gate, () => asked.end(`CONNECT ${named} HTTP/1.1\r\nHost: ${named}\r\n\r\n`))
    return socket
  }

  net.Socket.prototype.connect = function (...args) {
    const [options, ready] = normalized(args)
    const { host, path } = options
    if (path || !host || mayReach(host)) return connectSocket.apply(this, args)
    const port = Number(options.port)
    if (!XBOX_LIVE.test(host) || !PORTS.includes(port)) return refuse(this, host, port)
    return connectSocket.call(this, { ...options, ...gate, lookup: undefined }, ready)
  }

  tls.connect = function (...args) {
    const [options, ready] = normalized(args)
    const name = options.servername || options.host
    if (!XBOX_LIVE.test(name || '')) return connectTls.apply(this, args)
    const mine = { ...options, servername: name, ca: authority, secureContext: undefined }
    return ready ? connectTls.call(this, mine, ready) : connectTls.call(this, mine)
  }
}

// The options and the callback of a call of connect, which takes them in many forms.
function normalized (args) {
  const given = Array.isArray(args[0]) ? args[0] : args
  let options = {}
  let ready
  for (const one of given) {
    if (typeof one === 'function') ready = one
    else if (one && typeof one === 'object') options = { ...options, ...one }
    else if (typeof one === 'number' || /^\d+$/.test(one)) options.port = Number(one)
    else if (typeof one === 'string') options[one === given[0] ? 'path' : 'host'] = one
  }
  return [options, ready]
}
