// A websocket client in Node that writes real host names: it connects to URL with HEADERS, sends BODY, prints the reply.
import WebSocket from 'ws'

const connection = new WebSocket(process.env.URL, 'rta.xboxlive.com.V2', { headers: JSON.parse(process.env.HEADERS) })
connection.on('open', () => connection.send(process.env.BODY))
connection.on('message', message => { console.log(String(message)); connection.close() })
