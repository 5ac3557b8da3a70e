// xbox-webapi signs somebody in by an authorization code, and reads; it prints what each step gave.
const api = require('xbox-webapi')

async function main () {
  const client = api({ clientId: 'id', clientSecret: 'secret' })
  client._authentication._tokens.oauth = await client._authentication.getTokenRequest(process.env.CODE)
  await client._authentication.refreshTokens()
  const provider = name => client.getProvider(name)
  return {
    gamertag: client.getUserGamertag(),
    profile: (await provider('profile').getUserProfile()).profileUsers,
    friends: (await provider('people').getFriends()).people.map(person => person.gamertag),
    summary: await provider('social').getFriends(),
    presence: (await provider('userpresence').getCurrentUser()).state,
    statistics: (await provider('userstats').getUserTitleStats('1234')).statlistscollection.map(list => list.arrangebyfield)
  }
}

main().then(gave => console.log(JSON.stringify(gave)), error => { console.error(error); process.exit(1) })
