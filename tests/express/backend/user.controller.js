import jwt from 'jsonwebtoken'

import { User } from './user.model.js'

const cookieOptions = { httpOnly: true, secure: process.env.NODE_ENV === 'production' }

class ApiError extends Error {
  constructor(statusCode, message) {
    super(message)
    this.statusCode = statusCode
  }
}

const answer = (response, statusCode, data, message) =>
  response.status(statusCode).json({ statusCode, success: true, message, data })

const visible = (id) => User.findById(id).select('-password -refreshToken -watchHistory -__v')

async function startSession(user, response) {
  const accessToken = user.generateAccessToken()
  const refreshToken = user.generateRefreshToken()
  user.refreshToken = refreshToken
  await user.save({ validateBeforeSave: false })
  response.cookie('accessToken', accessToken, cookieOptions).cookie('refreshToken', refreshToken, cookieOptions)
  return { accessToken, refreshToken }
}

export async function register(request, response) {
  const { username, email, fullname, password } = request.body
  if ([username, email, fullname, password].some((field) => typeof field !== 'string' || field.trim() === '')) {
    throw new ApiError(400, 'All fields are required')
  }
  if (await User.findOne({ $or: [{ username: username.toLowerCase() }, { email: email.toLowerCase() }] })) {
    throw new ApiError(409, 'User with email or username already exists')
  }
  const user = await User.create({ username, email, fullname, password })
  return answer(response, 201, await visible(user.id), 'User registered successfully')
}

export async function login(request, response) {
  const { username, email, password } = request.body
  if (!username && !email) throw new ApiError(400, 'username or email is required')
  const user = await User.findOne(email ? { email: String(email) } : { username: String(username) })
  if (!user) throw new ApiError(404, 'User does not exist')
  if (!(await user.isPasswordCorrect(String(password)))) throw new ApiError(401, 'Invalid user credentials')
  const tokens = await startSession(user, response)
  return answer(response, 200, { user: await visible(user.id), ...tokens }, 'User logged in successfully')
}

export async function refreshToken(request, response) {
  const presented = request.cookies.refreshToken ?? request.body?.refreshToken
  if (!presented) throw new ApiError(401, 'Unauthorized request')
  const user = await User.findById(verified(presented, process.env.REFRESH_TOKEN_SECRET)._id)
  if (user?.refreshToken !== presented) throw new ApiError(401, 'Refresh token is expired or used')
  return answer(response, 200, await startSession(user, response), 'Access token refreshed')
}

export async function logout(request, response) {
  await User.findByIdAndUpdate(request.user._id, { $unset: { refreshToken: 1 } })
  response.clearCookie('accessToken', cookieOptions).clearCookie('refreshToken', cookieOptions)
  return answer(response, 200, {}, 'User logged out')
}

export const me = (request, response) => answer(response, 200, request.user, 'Current user fetched successfully')

export async function verifyJWT(request, response, next) {
  const token = request.cookies.accessToken ?? request.get('Authorization')?.replace('Bearer ', '')
  if (!token) throw new ApiError(401, 'Unauthorized request')
  request.user = await visible(verified(token, process.env.ACCESS_TOKEN_SECRET)._id)
  if (!request.user) throw new ApiError(401, 'Invalid access token')
  next()
}

function verified(token, secret) {
  try {
    return jwt.verify(token, secret)
  } catch {
    throw new ApiError(401, 'Invalid token')
  }
}
