// Clients in Node that write real host names, and know nothing of a fake: `node clients.mjs NAME`.
// Each puts the JSON document BODY at URL, with the headers of HEADERS, and prints status and document.
import https from 'node:https'

const { URL: url, BODY: body } = process.env
const headers = JSON.parse(process.env.HEADERS)
const method = 'PUT'

const clients = {
  async fetch () {
    const response = await fetch(url, { method, headers, body })
    return [response.status, await response.text()]
  },
  async https () {
    return new Promise((resolve, reject) => {
      const request = https.request(url, { method, headers }, response => {
        let text = ''
        response.on('data', part => { text += part }).on('end', () => resolve([response.statusCode, text]))
      })
      request.on('error', reject).end(body)
    })
  },
  async undici () {
    const response = await (await import('undici')).request(url, { method, headers, body })
    return [response.statusCode, await response.body.text()]
  },
  async axios () {
    const response = await (await import('axios')).default.put(url, body, { headers, transformResponse: text => text })
    return [response.status, response.data]
  },
  async got () {
    const { default: got } = await import('got')
    const response = await got(url, { method, headers, body })
    return [response.statusCode, response.body]
  },
  async 'node-fetch' () {
    const { default: nodeFetch } = await import('node-fetch')
    const response = await nodeFetch(url, { method, headers, body })
    return [response.status, await response.text()]
  }
}

console.log(...await clients[process.argv[2]]())
process.exit(0) // connections that are kept would hold the process
